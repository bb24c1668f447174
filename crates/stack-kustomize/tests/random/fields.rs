//! Random values of the fields of a kustomization.
#![expect(clippy::unnecessary_wraps, reason = "tables hold functions of one type")]

use super::Dice;
use super::copies::{replacements, variables};
use super::objects::{IMAGES, Known, NAMES, NAMESPACES, annotations, labels};
use super::patches::{exact, json, merge, target};
use super::scalars::odd;
use super::tree::Folder;
use super::yaml::{Value, map, stream, stream_without_anchors};

/// Makes the value of a field, and files that it names.
pub(crate) type Field = fn(&mut Dice, &mut Folder) -> Option<Value>;

/// The fields, and how seldom each is there.
pub(crate) const FIELDS: [(&str, usize, Field); 25] = [
    ("configMapGenerator", 4, |dice, folder| generators(dice, folder, false)),
    ("secretGenerator", 6, |dice, folder| generators(dice, folder, true)),
    ("generatorOptions", 8, |dice, _| Some(generator_options(dice))),
    ("namespace", 5, |dice, _| Some(if dice.fault_in(20) { odd(dice) } else { dice.pick(&NAMESPACES).into() })),
    ("namePrefix", 4, |dice, _| Some(dice.pick(&["a-", "dev-", "x.", "p"]).into())),
    ("nameSuffix", 6, |dice, _| Some(dice.pick(&["-z", "-v1", "s"]).into())),
    ("labels", 5, |dice, _| Some(Value::List((0..=dice.up_to(1)).map(|_| label(dice)).collect()))),
    ("commonLabels", 8, |dice, _| Some(pairs(dice, labels))),
    ("commonAnnotations", 7, |dice, _| Some(pairs(dice, annotations))),
    ("images", 4, |dice, _| Some(Value::List((0..=dice.up_to(1)).map(|_| image(dice)).collect()))),
    ("replicas", 7, replicas),
    ("patches", 2, patches),
    ("patchesStrategicMerge", 7, old_merges),
    ("patchesJson6902", 8, old_json),
    ("replacements", 4, replacements),
    ("vars", 8, variables),
    ("configurations", 8, configurations),
    ("crds", 14, crds),
    ("openapi", 40, open_api),
    ("transformers", 6, |dice, folder| super::plugins::files(dice, folder, super::plugins::transformer)),
    ("generators", 12, |dice, folder| super::plugins::files(dice, folder, super::plugins::generator)),
    ("validators", 30, |dice, folder| super::plugins::files(dice, folder, super::plugins::validator)),
    ("sortOptions", 8, |dice, _| Some(sort_options(dice))),
    ("buildMetadata", 7, |dice, _| Some(dice.choose(&METADATA).map_or(&[][..], |some| some).to_vec().into())),
    ("metadata", 20, |_, _| Some(map! {"name": "x", "labels": map! {"a": "b"}})),
];

const METADATA: [&[&str]; 4] = [
    &["originAnnotations"],
    &["transformerAnnotations"],
    &["originAnnotations", "transformerAnnotations"],
    &["managedByLabel"],
];

/// Texts as values: a kustomization takes no others here, mostly.
fn pairs(dice: &mut Dice, make: fn(&mut Dice) -> Value) -> Value {
    let mut pairs = make(dice);
    if let Value::Map(entries) = &mut pairs
        && !dice.fault_in(10)
    {
        for (_, value) in entries {
            *value = Value::Text(value.text().to_owned());
        }
    }
    pairs
}

pub(crate) fn generator_options(dice: &mut Dice) -> Value {
    let mut options = map! {};
    if dice.one_in(2) {
        options.set("labels", pairs(dice, labels));
    }
    if dice.one_in(3) {
        options.set("annotations", pairs(dice, annotations));
    }
    if dice.one_in(2) {
        options.set("disableNameSuffixHash", dice.one_in(2));
    }
    if dice.one_in(4) {
        options.set("immutable", true);
    }
    options
}

const LITERALS: [&str; 17] = [
    "A=1",
    "B=x y",
    "C='quoted'",
    "D=\"two\"",
    "E=",
    "F=a=b",
    "G=é😀",
    "H=true",
    "k=$(FOO)",
    "I='half",
    "J=one\ntwo",
    "L= lead",
    "key.txt=<&>",
    "M=a long text that goes on and on, far beyond the eightieth column, so that whoever prints it must fold it",
    "broken",
    "=x",
    "N=\tlead\ntwo",
];

const FILES: [(&str, &[u8]); 8] = [
    ("a.txt", b"hello\n"),
    ("conf.yaml", b"a: 1\nb: [x]\n"),
    ("crlf.txt", b"one\r\ntwo\r\n"),
    ("binary.bin", &[0xff, 0xfe, 0, 1, 2, 3, 0x80]),
    ("long.bin", &[0xe1; 120]),
    ("empty.txt", b""),
    ("spaces.txt", b"trailing \n  lead\n"),
    ("unicode.txt", "\u{feff}é\u{2028}x\t\n".as_bytes()),
];

const ENVS: [(&str, &[u8]); 5] = [
    ("a.env", b"ONE=1\nTWO=two words\n# comment\n\nTHREE=\n"),
    ("bom.env", b"\xef\xbb\xbfBOM=x\n  LEAD=y  \nX = z\n"),
    ("bare.env", b"NOT_SET_ANYWHERE_AT_ALL\nQ=\"quoted\"\n"),
    ("crlf.env", b"CR=1\r\nLF=2\r\n"),
    ("bad.env", b"1 2=3\n"),
];

pub(crate) fn generator_args(dice: &mut Dice, folder: &mut Folder, is_secret: bool) -> Value {
    let kind = if is_secret { "Secret" } else { "ConfigMap" };
    let made = folder.generated(kind);
    let again = dice.choose(&made).filter(|_| dice.one_in(2)).cloned();
    let mut args = map! {};
    let is_new = again.is_none();
    if let Some(known) = again {
        args.set("name", known.name());
        if !known.namespace().is_empty() {
            args.set("namespace", known.namespace());
        }
        args.set("behavior", if dice.fault_in(4) { "create" } else { dice.pick(&["merge", "replace", "merge"]) });
    } else {
        let name = dice.pick(&NAMES);
        let is_there = folder.known.iter().any(|known| known.kind() == kind && known.name() == name);
        let is_free = !is_there || dice.fault_in(4);
        args.set(
            "name",
            if is_free { name.to_owned() } else { format!("gen-{}", folder.number() + folder.known.len()) },
        );
        if dice.fault_in(20) {
            args.set("behavior", dice.pick(&["merge", "replace", "create", "other"]));
        }
    }
    if is_new && dice.one_in(8) || dice.fault_in(8) {
        args.set("namespace", dice.pick(&NAMESPACES));
    }
    if is_secret && dice.one_in(3) {
        args.set("type", dice.pick(&["Opaque", "kubernetes.io/tls", "x"]));
    }
    if !dice.one_in(4) {
        let mut literals: Vec<&str> = (0..=dice.up_to(2)).map(|_| dice.pick(&LITERALS[..14])).collect();
        if !dice.fault_in(4) {
            literals.sort_unstable();
            literals.dedup();
        }
        if dice.fault_in(20) {
            literals.push(dice.pick(&LITERALS[14..]));
        }
        args.set("literals", literals);
    }
    if dice.one_in(3)
        && let Some((name, bytes)) = dice.choose(&FILES)
    {
        folder.write(name, *bytes);
        args.set("files", vec![if dice.one_in(3) { format!("other={name}") } else { (*name).to_owned() }]);
    }
    if dice.one_in(4)
        && let Some((name, bytes)) = dice.choose(&ENVS)
        && (*name != "bad.env" || dice.fault_in(2))
    {
        folder.write(name, *bytes);
        if dice.one_in(4) { args.set("env", *name) } else { args.set("envs", vec![*name]) }
    }
    if dice.one_in(3) {
        args.set("options", generator_options(dice));
    }
    args
}

fn generators(dice: &mut Dice, folder: &mut Folder, is_secret: bool) -> Option<Value> {
    let (api_version, kind) = ("v1", if is_secret { "Secret" } else { "ConfigMap" });
    let mut all = Vec::new();
    for _ in 0..=dice.up_to(1) {
        let args = generator_args(dice, folder, is_secret);
        let mut metadata = map! {"name": args.get("name").map_or("", Value::text)};
        if let Some(namespace) = args.get("namespace") {
            metadata.set("namespace", namespace.clone());
        }
        let value = map! {"apiVersion": api_version, "kind": kind, "metadata": metadata};
        folder.known.push(Known { value, is_generated: true });
        all.push(args);
    }
    Some(Value::List(all))
}

fn label(dice: &mut Dice) -> Value {
    let mut label = map! {"pairs": pairs(dice, labels)};
    if dice.one_in(3) {
        label.set("includeSelectors", dice.one_in(2));
    }
    if dice.one_in(3) {
        label.set("includeTemplates", dice.one_in(2));
    }
    if dice.one_in(5) {
        label.set("fields", vec![field_spec(dice, &MAP_PATHS)]);
    }
    label
}

/// Paths that lead to maps of texts, or nowhere.
pub(crate) const MAP_PATHS: [&str; 5] =
    ["spec/labels", "metadata/labels", "spec/template/metadata/labels", "spec/parts[]/labels", "spec/new/deep"];

/// Paths that lead to single values, or nowhere.
pub(crate) const VALUE_PATHS: [&str; 7] = [
    "spec/parts/name",
    "spec/any",
    "spec/secretRef/name",
    "metadata/annotations/example.com\\/x",
    "spec/template/spec/containers[]/image",
    "metadata/name",
    "data/k",
];

pub(crate) fn field_spec(dice: &mut Dice, usual: &[&'static str]) -> Value {
    let paths = if dice.fault_in(4) { dice.choose(&[&MAP_PATHS[..], &VALUE_PATHS]).copied() } else { None };
    let path = dice.pick(paths.unwrap_or(usual));
    let mut spec = map! {"path": path};
    if dice.one_in(2) {
        spec.set("kind", dice.pick(&["Deployment", "Widget", "Service", "ConfigMap"]));
    }
    if dice.one_in(6) {
        spec.set("group", dice.pick(&["apps", "example.com"]));
    }
    if dice.one_in(6) {
        spec.set("version", "v1");
    }
    // Equal paths must be made, or not, alike.
    if MAP_PATHS.contains(&path) != dice.fault_in(4) {
        spec.set("create", true);
    }
    spec
}

pub(crate) fn image(dice: &mut Dice) -> Value {
    let full = dice.pick(&IMAGES);
    let name = full.split_once('@').map_or(full, |(name, _)| name);
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    let mut image = map! {"name": if dice.one_in(12) { dice.pick(&["ngin.", "none", "(a|r)pp"]) } else { name }};
    if dice.one_in(2) {
        image.set("newName", dice.pick(&["other", "reg.io:5000/x/y", "nginx", "busybox", "nginx:1.27"]));
    }
    if dice.one_in(2) {
        image.set("newTag", dice.pick(&["2", "v1.2.3", "latest", "1.10"]));
    }
    if dice.one_in(5) {
        image.set("digest", "sha256:0123");
    }
    if dice.one_in(8) {
        image.set("tagSuffix", "-alpine");
    }
    image
}

fn replicas(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let known = folder.pick(dice)?;
    let is_workload = matches!(known.kind(), "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController");
    if !is_workload && !dice.fault_in(20) {
        return None;
    }
    let count = i64::try_from(dice.up_to(9)).unwrap_or_default();
    Some(vec![map! {"name": known.name(), "count": count}].into())
}

/// A patch in the place where it is named: in a file or in the text itself.
pub(crate) fn patch(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let known = folder.pick(dice)?;
    let mut entry = map! {};
    let is_json = dice.one_in(3);
    let mut text = if is_json { stream(&[json(dice, &known)], dice) } else { stream(&[merge(dice, &known)], dice) };
    let is_double = !is_json && dice.one_in(15);
    if is_double {
        let other = folder.pick(dice)?;
        text = stream(&[merge(dice, &known), merge(dice, &other)], dice);
    }
    if dice.one_in(3) {
        entry.set("path", folder.file(dice, "patch", &text));
    } else {
        entry.set("patch", text);
    }
    let may_aim = !is_double || dice.fault_in(2);
    if is_json && !dice.fault_in(10) || !is_json && may_aim && dice.one_in(3) {
        entry.set("target", if is_json && !dice.fault_in(2) { exact(&known) } else { target(dice, &known) });
    }
    if dice.one_in(8) {
        let mut options = map! {};
        let changes_kind = dice.one_in(2);
        options.set(if changes_kind { "allowKindChange" } else { "allowNameChange" }, dice.one_in(2));
        if changes_kind {
            // The hash of what is no ConfigMap and no Secret any more is made of lines and columns, which we do not follow.
            if known.is_generated {
                return Some(entry);
            }
            if entry.get("target").is_some() {
                entry.set("target", exact(&known));
            }
        }
        entry.set("options", options);
    }
    Some(entry)
}

fn patches(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let patches: Option<Vec<Value>> = (0..=dice.up_to(2)).map(|_| patch(dice, folder)).collect();
    patches.map(Value::List)
}

fn old_merges(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let known = folder.pick(dice)?;
    let text = stream(&[merge(dice, &known)], dice);
    let entry = if dice.one_in(2) { folder.file(dice, "merge", &text) } else { text };
    Some(vec![entry].into())
}

fn old_json(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let known = folder.pick(dice)?;
    let (group, version) = known.group_and_version();
    let mut target = map! {"version": version, "kind": known.kind(), "name": known.name()};
    if !group.is_empty() {
        target.set("group", group);
    }
    let text = stream(&[json(dice, &known)], dice);
    let mut entry = map! {"target": target};
    if dice.one_in(2) {
        entry.set("path", folder.file(dice, "json", &text));
    } else {
        entry.set("patch", text);
    }
    Some(vec![entry].into())
}

fn configurations(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    let mut config = map! {};
    for field in [
        "namePrefix",
        "namespace",
        "commonLabels",
        "commonAnnotations",
        "varReference",
        "images",
        "replicas",
        "labels",
        "nameSuffix",
        "templateLabels",
    ] {
        if dice.one_in(5) {
            let is_map = matches!(field, "commonLabels" | "commonAnnotations" | "labels" | "templateLabels");
            config.set(field, vec![field_spec(dice, if is_map { &MAP_PATHS } else { &VALUE_PATHS })]);
        }
    }
    if dice.one_in(2) {
        let kind = dice.pick(&["ConfigMap", "Secret", "Service", "Widget"]);
        config.set("nameReference", vec![map! {"kind": kind, "fieldSpecs": vec![field_spec(dice, &VALUE_PATHS)]}]);
    }
    // A merged key that stands beside the `<<` too is one that stands twice to kustomize here.
    let text = stream_without_anchors(config, dice);
    Some(vec![folder.file(dice, "configuration", &text)].into())
}

const CRD: &str = r#"{"example.com/v1.Widget":{"Schema":{"properties":{"apiVersion":{"type":"string"},"kind":{"type":"string"},"metadata":{"type":"object"},"spec":{"$ref":"example.com/v1.Spec"}},"x-kubernetes-annotation":""}},"example.com/v1.Spec":{"Schema":{"description":"x","properties":{"secretRef":{"x-kubernetes-object-ref-api-version":"v1","x-kubernetes-object-ref-kind":"Secret","$ref":"x"},"notes":{"x-kubernetes-annotation":"","x-kubernetes-label-selector":""}}}}}"#;

fn crds(_: &mut Dice, folder: &mut Folder) -> Option<Value> {
    folder.write("crd.json", CRD.as_bytes());
    Some(vec!["crd.json"].into())
}

const SCHEMA: &str = r#"{"definitions":{"v1.Widget":{"properties":{"spec":{"properties":{"parts":{"items":{"properties":{"name":{"type":"string"}},"type":"object"},"type":"array","x-kubernetes-patch-merge-key":"name","x-kubernetes-patch-strategy":"merge"}},"type":"object"}},"type":"object","x-kubernetes-group-version-kind":[{"group":"example.com","kind":"Widget","version":"v1"}]}}}"#;

fn open_api(dice: &mut Dice, folder: &mut Folder) -> Option<Value> {
    if dice.one_in(6) {
        return Some(map! {"version": if dice.fault_in(2) { "v1.20.4" } else { "v1.21.2" }});
    }
    folder.write("schema.json", SCHEMA.as_bytes());
    Some(map! {"path": "schema.json"})
}

fn sort_options(dice: &mut Dice) -> Value {
    if dice.one_in(3) {
        return map! {"order": if dice.fault_in(4) { "other" } else { dice.pick(&["fifo", "legacy"]) }};
    }
    map! {"order": "legacy", "legacySortOptions": map! {
        "orderFirst": vec![dice.pick(&["Secret", "Widget"]), dice.pick(&["Service", "Pod"])], "orderLast": vec!["ConfigMap"],
    }}
}
