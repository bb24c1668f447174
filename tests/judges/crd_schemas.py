"""Makes JSON schemas of custom resource definitions.

    crd_schemas.py DIR CRD.yaml…

writes DIR/<group>/<kind>_<version>.json for each version that is served. Unknown fields are faults in them, except where
the definition keeps them.
"""

import json
import pathlib
import sys

import yaml


def strict(schema):
    """The schema, which names every field that may be there."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {}
    for key, value in schema.items():
        if key == "properties":
            made[key] = {name: strict(field) for name, field in value.items()}
        elif key in ("enum", "default", "required"):
            made[key] = value
        else:
            made[key] = strict(value)
    if schema.get("x-kubernetes-int-or-string"):
        made["type"] = ["integer", "string"]
    keeps = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if "properties" in schema and not keeps:
        made["additionalProperties"] = False
    return made


def main():
    target = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:]:
        for crd in yaml.safe_load_all(pathlib.Path(name).read_text()):
            if not crd or crd["kind"] != "CustomResourceDefinition":
                continue
            spec = crd["spec"]
            for version in filter(lambda version: version["served"], spec["versions"]):
                schema = strict(version["schema"]["openAPIV3Schema"])
                schema["properties"]["metadata"] = {"type": "object"}
                for field in ("apiVersion", "kind"):
                    schema["properties"].setdefault(field, {"type": "string"})
                file = target / spec["group"] / f"{spec['names']['kind'].lower()}_{version['name']}.json"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(schema))


main()
