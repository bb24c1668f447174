"""Validates every object of some streams against the Kubernetes JSON schemas; unknown fields and unknown kinds are faults.

    validate.py --schemas DIR --schemas DIR --versions 1.30,newest FILE…

The schemas come with kubernetes-validate. A custom resource brings its own: DIR/<group>/<kind>_<version>.json, in lower
case; see tests/judges/schemas. Says in one line what was valid, or names each fault and exits with 1.
"""

import argparse
import json
import pathlib
import sys

import jsonschema
import kubernetes_validate
from kubernetes_validate import utils


def fault(data, version, schemas):
    """What is wrong with an object; None where nothing is."""
    try:
        kubernetes_validate.validate(data, version, strict=True)
        return None
    except kubernetes_validate.ValidationError as error:
        return at(error)
    except kubernetes_validate.SchemaNotFoundError:
        pass
    group, _, api_version = data["apiVersion"].rpartition("/")
    name = f"{group}/{data['kind'].lower()}_{api_version}.json"
    files = [folder / name for folder in schemas if (folder / name).exists()]
    if not files:
        return f"there is no schema {name}; tests/judges/schemas says how to add one"
    try:
        jsonschema.Draft7Validator(json.loads(files[0].read_text())).validate(data)
        return None
    except jsonschema.ValidationError as error:
        return at(error)


def at(error):
    return f"{'.'.join(str(item) for item in error.path) or 'the object'}: {error.message}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--schemas", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--versions", required=True)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    newest = utils.latest_version()
    versions = [newest if version == "newest" else version for version in arguments.versions.split(",")]

    objects, kinds, faults = 0, set(), []
    for name in arguments.files:
        for data in utils.resources_from_file(name):
            objects += 1
            kinds.add((data["apiVersion"], data["kind"]))
            for version in versions:
                why = fault(data, version, arguments.schemas)
                if why:
                    stem = pathlib.Path(name).stem
                    faults.append(f"{stem}: {data['kind']} {data['metadata']['name']}, Kubernetes {version}: {why}")
    if faults or not objects:
        print("\n".join(faults) or "there are no objects")
        return 1
    print(f"{objects} objects of {len(kinds)} kinds are valid for Kubernetes {' and '.join(versions)}, strictly")
    return 0


sys.exit(main())
