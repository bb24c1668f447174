//! What an author has written beside what kustomize reads, and kustomize says nothing of.

use stack_kustomize::{BuildOptions, build};
use stack_source::{FileTree, TreePath};

use crate::silent::{ROOT, Silent, check};

const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {volumes: [{name: data, emptyDir: {}}], \
     containers: [{name: web, image: 'web:1', env: [{name: LEVEL, value: a}], volumeMounts: [{name: data, mountPath: /data}]}]}}";
const DEPLOYMENT: &str = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 1}}";

const JSON_PATCHES: &[Silent] = &[
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{target: {kind: Deployment}, path: p.yaml}]"),
            ("a.yaml", DEPLOYMENT),
            (
                "p.yaml",
                "- {op: replace, path: /spec/replicas, valeu: 1}\n- {op: add, path: /spec/a}\n\
                 - {op: add, path: /spec/c, value: , why: because}\n\
                 - {op: remove, path: /spec/c, valu: 1}\n- {op: move, from: /spec/a, path: /spec/d}\n",
            ),
        ],
        &[
            ("unexpected-effect", "kustomize does not read `valeu`, and sets null: the operation has no `value`"),
            ("unexpected-effect", "the operation `add` has no `value`, and kustomize sets null"),
            ("without-effect", "kustomize does not read `why`: an operation has no such key"),
            ("without-effect", "kustomize does not read `valu`: an operation has no such key"),
        ],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\npatchesJson6902: [{target: {version: v1, kind: Deployment, name: web}, path: p.json}]",
            ),
            ("a.yaml", DEPLOYMENT),
            ("p.json", "[{\"op\": \"add\", \"path\": \"/spec/paused\", \"Value\": true}]"),
        ],
        &[
            ("deprecated-field", "`patchesJson6902` is deprecated"),
            ("unexpected-effect", "kustomize does not read `Value`, and sets null: the operation has no `value`"),
        ],
    ),
];

const ENTRIES: &[Silent] = &[
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nreplicas: [{name: web}, {name: web, count: }, {name: web, count: -2}, {name: web, count: 0}]",
            ),
            ("a.yaml", DEPLOYMENT),
        ],
        &[
            ("unexpected-effect", "the entry for `web` has no `count`, and kustomize takes all its pods away"),
            ("unexpected-effect", "the entry for `web` has no `count`, and kustomize takes all its pods away"),
            ("unexpected-effect", "kustomize gives `web` -2 pods, which no cluster takes"),
        ],
    ),
    (
        &[(
            ROOT,
            "configMapGenerator: [{name: a, behavior: create}, {name: b, behavior: Merge}]\n\
             secretGenerator: [{name: a, behavior: ''}, {name: b, behavior: add}]",
        )],
        &[
            ("unexpected-effect", "kustomize does not know the behavior `Merge`, and takes it for `create`"),
            ("unexpected-effect", "kustomize does not know the behavior `add`, and takes it for `create`"),
        ],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\nbuildMetadata: [managedByLabel, originAnnotation, ManagedByLabel]"),
            ("a.yaml", DEPLOYMENT),
        ],
        &[
            ("without-effect", "kustomize does not know `originAnnotation` in `buildMetadata`"),
            ("without-effect", "kustomize does not know `ManagedByLabel` in `buildMetadata`"),
        ],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nimages: [{name: web}, {name: web, newTag: ''}, {name: none}, {name: web, newTag: , newName: x}, \
                 {name: x, newName: web, newTag: '', digest: 'sha256:0'}, {name: web, newName: w}]",
            ),
            ("a.yaml", POD),
        ],
        &[
            ("without-effect", "the entry for `web` changes nothing: it sets no part of the image"),
            ("without-effect", "the entry for `web` changes nothing: it sets no part of the image"),
            ("without-effect", "the entry for `none` changes nothing: it sets no part of the image"),
            ("without-effect", "an empty `newTag` leaves the tag as it is"),
        ],
    ),
];

const VARIABLES: &[Silent] = &[(
    &[
        (
            ROOT,
            "resources: [a.yaml]\nvars:\n- {name: MAP, objref: {apiVersion: v1, kind: Pod, name: a}, fieldref: {fieldPath: metadata.labels}}\n\
             - {name: NONE, objref: {apiVersion: v1, kind: Pod, name: a}}\n",
        ),
        (
            "a.yaml",
            "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {a: b}}, spec: {containers: [{name: a, image: a, args: [$(MAP)]}]}}",
        ),
    ],
    &[
        ("deprecated-field", "`vars` is deprecated"),
        ("without-effect", "the variable `MAP` is put nowhere: `metadata.labels` of `v1 Pod a` is a map"),
        ("without-effect", "nothing uses the variable `NONE`"),
    ],
)];

const PLUGINS: &[Silent] = &[(
    &[
        (ROOT, "resources: [a.yaml]\ntransformers: [t.yaml]\ngenerators: [g.yaml]"),
        ("a.yaml", DEPLOYMENT),
        (
            "t.yaml",
            "apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: a, annotations: {a: b}}\nlables: {a: b}\n\
                 fieldSpecs: [{path: metadata/labels, creat: true}]\n---\n\
                 apiVersion: builtin\nkind: PatchJson6902Transformer\nmetadata: {name: b}\ntarget: {kind: Deployment, name: web}\n\
                 jsonOp: '[{\"op\": \"remove\", \"path\": \"/spec/replicas\"}]'\npatch: x\n---\n\
                 apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: c, nmespace: x, creationTimestamp: null}\n---\n\
                 apiVersion: builtin\nkind: ReplacementTransformer\nmetadata: {name: d}\nreplacements: [{path: r.yaml}]\n---\n\
                 apiVersion: builtin\nkind: ReplicaCountTransformer\nmetadata: {name: e}\nreplica: {name: web, coutn: 1}\n\
                 fieldSpecs: [{path: spec/replicas, kind: Deployment}]\n",
        ),
        (
            "r.yaml",
            "source: {kind: Deployment}\ntargets: [{select: {kind: Deployment}, fieldpaths: [metadata.name], all: 1}]\n",
        ),
        (
            "g.yaml",
            "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g}\nenv: none\nbehavior: mrge\noptions: {label: {}}\n",
        ),
    ],
    &[
        ("without-effect", "kustomize does not read the field `env` here"),
        ("unexpected-effect", "kustomize does not know the behavior `mrge`, and takes it for `create`"),
        ("without-effect", "kustomize does not read the field `label` here"),
        ("without-effect", "kustomize does not read the field `all` here"),
        ("without-effect", "kustomize does not read the field `lables` here"),
        ("without-effect", "kustomize does not read the field `creat` here"),
        ("without-effect", "kustomize does not read the field `patch` here"),
        ("without-effect", "kustomize does not read the field `nmespace` here"),
        ("unexpected-effect", "the entry for `web` has no `count`, and kustomize takes all its pods away"),
        ("without-effect", "kustomize does not read the field `coutn` here"),
    ],
)];

/// Where `---` was forgotten, or a dash.
const REPEATED: &[Silent] = &[
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}, {target: {kind: Deployment}, path: q.yaml}]"),
            ("a.yaml", DEPLOYMENT),
            ("p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\napiVersion: v1\nkind: Service\n"),
            ("q.yaml", "- op: remove\n  path: /spec/replicas\n  op: test\n  value: 1\n"),
        ],
        &[
            ("ignored-text", "the key `apiVersion` stands twice here, and kustomize reads the first one only"),
            ("ignored-text", "the key `kind` stands twice here, and kustomize reads the first one only"),
            ("ignored-text", "the key `op` stands twice here, and kustomize reads the last one only"),
        ],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\nreplacements: [{path: r.yaml}]\npatchesStrategicMerge: [p.yaml]\n"),
            ("a.yaml", DEPLOYMENT),
            (
                "r.yaml",
                "source: {kind: Deployment}\nsource: {kind: Deployment}\ntargets: [{select: {kind: Deployment}}]\n",
            ),
            (
                "p.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, name: web}\n...\nkind: Deployment\n",
            ),
        ],
        &[
            ("deprecated-field", "`patchesStrategicMerge` is deprecated"),
            ("ignored-text", "the key `name` stands twice here, and kustomize reads the first one only"),
            ("ignored-text", "kustomize reads nothing behind the end of the document"),
            ("ignored-text", "the key `source` stands twice here, and kustomize reads the last one only"),
        ],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}, {target: {kind: Deployment}, path: q.yaml}]"),
            ("a.yaml", DEPLOYMENT),
            (
                "p.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, annotations: {a: b, a: c}}\n\
                 spec: {replicas: 2, replicas: null}\n",
            ),
            ("q.yaml", "[{\"op\": \"add\", \"path\": \"/spec/a\", \"value\": {\"b\": 1, \"b\": 2}}]"),
        ],
        &[
            ("ignored-text", "the key `a` stands twice here, and kustomize reads one of them only"),
            ("ignored-text", "the key `replicas` stands twice here, and kustomize reads the first one only"),
            ("ignored-text", "the key `b` stands twice here, and kustomize reads the last one only"),
        ],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{target: {kind: Deployment}, path: q.yaml}]"),
            ("a.yaml", DEPLOYMENT),
            ("q.yaml", "# Above.\n---\n---\n- {op: remove, path: /spec/replicas}\n"),
        ],
        &[("without-effect", "kustomize reads the first document only, and it is empty")],
    ),
];

const NAMELESS: &[Silent] = &[(
    &[
        (
            ROOT,
            "resources: [a.yaml]\nreplacements: [{source: {kind: Deployment}, targets: [{select: {kind: Deployment}, \
             fieldPaths: [spec.a., spec.new.], options: {create: true}}]}]",
        ),
        ("a.yaml", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {a: b}}"),
    ],
    &[("unexpected-effect", "`spec.a.` empties the field of `apps/v1 Deployment web`, and the value is lost")],
)];

const OBJECTS: &[Silent] = &[(
    &[
        (ROOT, "resources: [a.yaml]"),
        (
            "a.yaml",
            "apiversion: v1\nkind: A\nmetadata: {name: a}\n---\napiVersion:\nkind: A\nmetadata: {name: b}\n---\n\
                 apiVersion: v1\nkind: List\nitems: [{kind: A, metadata: {name: c}}]\n",
        ),
    ],
    &[
        ("incomplete-object", "the A a has no `apiVersion`"),
        ("incomplete-object", "the A b has no `apiVersion`"),
        ("incomplete-object", "the A c has no `apiVersion`"),
    ],
)];

const ELEMENTS: &[Silent] = &[
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}]"),
            ("a.yaml", POD),
            (
                "p.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {volumes: [{name: dta}], containers: [{name: wbe}, {name: web, \
                 env: [{name: LEVLE}], volumeMounts: [{mountPath: /dat, readOnly: true}]}]}}",
            ),
        ],
        &[
            ("unexpected-effect", "`v1 Pod a` gets a volume `dta` that has nothing but that"),
            ("unexpected-effect", "`v1 Pod a` gets a container `wbe` that has no `image`"),
            ("unexpected-effect", "`v1 Pod a` gets a variable `LEVLE` that has nothing but that"),
            ("unexpected-effect", "`v1 Pod a` gets a mount `/dat` that has no `name`"),
        ],
    ),
    (
        // What is whole, or near nothing, or new altogether; what is deleted; lists that are no such lists.
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}]"),
            ("a.yaml", POD),
            (
                "p.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {volumes: [{name: date, emptyDir: {}}, {name: other}], \
                 containers: [{name: wbe, image: wbe}, {name: proxy, tty: true}, {name: web, tty: true, \
                 env: [{name: LEVEL2, value: b}, {name: HOST}]}], initContainers: [{name: wob}]}}",
            ),
        ],
        &[],
    ),
];

const NAMES: &[Silent] = &[
    (
        // Another that is there, nearly the right one, and the right one of another kind.
        &[
            (
                ROOT,
                "resources: [a.yaml]\npatches:\n- {target: {kind: Deployment, name: web}, path: p.yaml}\n\
                 - {target: {kind: Deployment, name: web}, path: q.yaml}\n- {target: {kind: Deployment, name: web}, path: r.yaml}\n\
                 - {target: {kind: Deployment, name: 'w.b|api'}, path: p.yaml}\n- {target: {kind: Deployment, name: '[^d].*'}, path: s.yaml}\n",
            ),
            (
                "a.yaml",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}\n---\n\
                 {apiVersion: apps/v1, kind: Deployment, metadata: {name: db}}\n---\n\
                 {apiVersion: apps/v1, kind: Deployment, metadata: {name: api}}\n",
            ),
            ("p.yaml", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {a: 1}}"),
            ("q.yaml", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: wbe}, spec: {a: 1}}"),
            ("r.yaml", "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {a: 1}}"),
            ("s.yaml", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: db}, spec: {a: 1}}"),
        ],
        &[
            (
                "unexpected-effect",
                "the patch says `apps/v1 Deployment api`, and its target is `apps/v1 Deployment web`: kustomize looks at the target alone",
            ),
            (
                "unexpected-effect",
                "the patch says `apps/v1 Deployment wbe`, and its target is `apps/v1 Deployment web`: kustomize looks at the target alone",
            ),
            (
                "unexpected-effect",
                "the patch says `apps/v1 StatefulSet web`, and its target is `apps/v1 Deployment web`: kustomize looks at the target alone",
            ),
            (
                "unexpected-effect",
                "the patch says `apps/v1 Deployment db`, and its target is `apps/v1 Deployment web` and 1 more: kustomize looks at \
                 the target alone",
            ),
        ],
    ),
    (
        // Words that mean nothing, one of several that are meant, and names that the patch gives.
        &[
            (
                ROOT,
                "resources: [a.yaml]\npatches:\n- {target: {kind: Deployment, name: web}, path: p.yaml}\n\
                 - {target: {kind: Deployment}, path: q.yaml}\n\
                 - {target: {kind: Deployment, name: web}, path: r.yaml, options: {allowNameChange: true}}\n\
                 - {target: {labelSelector: 'a=b'}, path: q.yaml}\n- {target: {kind: Deployment, name: 'ap.*'}, path: s.yaml}\n",
            ),
            (
                "a.yaml",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}\n---\n\
                 {apiVersion: apps/v1, kind: Deployment, metadata: {name: api, labels: {a: b}}}\n",
            ),
            ("p.yaml", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: not-important}, spec: {a: 1}}"),
            ("q.yaml", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {a: 1}}"),
            ("r.yaml", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web2}, spec: {a: 1}}"),
            ("s.yaml", "{apiVersion: v1, kind: Any, metadata: {name: apis}, spec: {a: 1}}"),
        ],
        &[],
    ),
];

/// Files of which go-yaml reads one document, and does not even parse what follows.
const ONE_DOCUMENT: &[Silent] = &[(
    &[
        (ROOT, "resources: [a.yaml]\nconfigurations: [c.yaml, d.yaml]\ncrds: [e.yaml]\n"),
        ("a.yaml", DEPLOYMENT),
        ("c.yaml", "images: [{path: spec/image}]\n---\nimages: [\n"),
        ("d.yaml", "# Nothing else.\nimages: [{path: spec/image}]\n---\n# Nothing.\n"),
        ("e.yaml", "a: {}\n---\nb: {}\n"),
    ],
    &[
        ("ignored-text", "kustomize reads the first document only here"),
        ("ignored-text", "kustomize reads the first document only here"),
    ],
)];

const PIECES: &[Silent] = &[(
    &[
        (
            ROOT,
            "resources: [a.yaml]\nreplacements:\n\
             - source: {kind: Deployment, options: {index: 1, encoding: hex}}\n  targets:\n\
             \x20 - {select: {kind: Pod}, fieldPaths: [spec.a], options: {delimiter: /, index: -1}}\n\
             \x20 - {select: {kind: Pod}, fieldPaths: [spec.a], options: {delimiter: /, index: 3}}\n\
             \x20 - {select: {kind: Pod}, fieldPaths: [spec.a], options: {delimiter: /, index: -2}}\n\
             \x20 - {select: {kind: Pod}, fieldPaths: [spec.a], options: {delimiter: /, index: 6}}\n\
             \x20 - {select: {kind: Pod}, fieldPaths: [spec.b], options: {delimiter: ':', index: 2}}\n\
             \x20 - {select: {kind: Pod}, fieldPaths: [spec.c], options: {index: 0, create: true}}\n\
             - source: {kind: Deployment, options: {delimiter: '-', index: 0}}\n  targets: [{select: {kind: Pod}}]\n",
        ),
        (
            "a.yaml",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}\n---\n\
             {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {a: x/y, b: x}}\n",
        ),
    ],
    &[
        ("without-effect", "`index` means nothing without a `delimiter`: the value is not divided"),
        ("without-effect", "kustomize does not read `encoding`: the value is copied as it is"),
        (
            "unexpected-effect",
            "`spec.a` of `v1 Pod a`: the value goes in front of all pieces, as kustomize does not count from the end",
        ),
        (
            "unexpected-effect",
            "`spec.a` of `v1 Pod a`: there is no place 6 with 5 pieces: the value becomes number 5, counted from 0",
        ),
        (
            "unexpected-effect",
            "`spec.b` of `v1 Pod a`: there is no place 2 with 1 piece: the value becomes number 1, counted from 0",
        ),
        ("without-effect", "`index` means nothing without a `delimiter`: the value is not divided"),
    ],
)];

const ORDERS: &[Silent] = &[
    (
        &[
            (ROOT, "resources: [a.yaml, fifo, legacy]\ncomponents: [none]\n"),
            ("a.yaml", DEPLOYMENT),
            ("fifo/kustomization.yaml", "resources: []\nsortOptions: {order: fifo}\n"),
            ("legacy/kustomization.yaml", "resources: []\nsortOptions: {order: legacy}\n"),
            ("none/kustomization.yaml", "kind: Component\nsortOptions: {order: none}\n"),
        ],
        &[
            (
                "without-effect",
                "kustomize reads `sortOptions` only in the kustomization that is built, and this one is listed by another",
            ),
            (
                "without-effect",
                "kustomize reads `sortOptions` only in the kustomization that is built, and this one is listed by another",
            ),
        ],
    ),
    (
        // Kinds of which there is no object yet, one that nobody knows, and one nearly like another that is listed too.
        &[
            (
                ROOT,
                "resources: [a.yaml, base]\nsortOptions: {order: legacy, legacySortOptions: \
                 {orderFirst: [Namespace, deployment, ConfigMap, Canarys, Databases], orderLast: [Database, Other]}}\n",
            ),
            ("base/kustomization.yaml", "resources: []\nsortOptions: {order: fifo}\n"),
            (
                "a.yaml",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}\n---\n\
                 {apiVersion: x.io/v1, kind: Canary, metadata: {name: web}}\n---\n\
                 {apiVersion: x.io/v1, kind: ConfigMaps, metadata: {name: web}}\n---\n\
                 {apiVersion: x.io/v1, kind: Database, metadata: {name: web}}\n",
            ),
        ],
        &[
            ("without-effect", "no object has the kind `deployment`"),
            ("without-effect", "no object has the kind `Canarys`"),
        ],
    ),
];

const LINES: &[Silent] = &[(
    &[
        (ROOT, "configMapGenerator: [{name: a, envs: [a.env]}]\n"),
        (
            "a.env",
            "export A=1\n export B=\"2\"\nC='3'\nD=\"\"\nE=\"\nF='\"\nG=\"a\" b\nH=[\"a\"]\nI=it's\nexports=1\n# export J=\"\"\n",
        ),
    ],
    &[
        ("unexpected-effect", "kustomize takes `export ` for the beginning of the key"),
        ("unexpected-effect", "kustomize takes `export ` for the beginning of the key"),
        ("unexpected-effect", "kustomize takes the quotes around the value for a part of it"),
        ("unexpected-effect", "kustomize takes the quotes around the value for a part of it"),
    ],
)];

#[test]
fn what_kustomize_does_not_read_is_said() {
    [JSON_PATCHES, ENTRIES, VARIABLES, PLUGINS, REPEATED, NAMELESS, OBJECTS, ONE_DOCUMENT].into_iter().for_each(check);
}

#[test]
fn patches_that_seem_to_mean_something_else_are_told() {
    [ELEMENTS, NAMES].into_iter().for_each(check);
}

#[test]
fn what_a_replacement_does_with_pieces_is_said() {
    check(PIECES);
}

#[test]
fn wishes_for_an_order_that_have_no_effect_are_told() {
    check(ORDERS);
}

/// Of many kinds, only so many are compared.
#[test]
fn kinds_that_an_order_misspells_are_told_within_bounds() {
    let told = |words: usize, kinds: usize| {
        let kustomization = format!(
            "resources: [a.yaml]\nsortOptions: {{order: legacy, legacySortOptions: {{orderFirst: [Other{}], orderLast: []}}}}\n",
            ", Canarys".repeat(words)
        );
        let kinds = (1..kinds).map(|number| format!("Kind{number}")).chain(["Canary".to_owned()]);
        let objects: Vec<String> =
            kinds.map(|kind| format!("{{apiVersion: x.io/v1, kind: {kind}, metadata: {{name: web}}}}\n")).collect();
        let mut files = FileTree::new();
        for (path, text) in [(ROOT, kustomization), ("a.yaml", objects.join("---\n"))] {
            files.insert(TreePath::new(path).unwrap(), text);
        }
        build(&files, &TreePath::default(), &BuildOptions::default()).unwrap().warnings.iter().count()
    };
    assert_eq!(told(5, 64), 5);
    assert_eq!(told(5, 65), 0);
    assert_eq!(told(100, 2), 63);
}

#[test]
fn what_a_shell_would_read_otherwise_is_told() {
    check(LINES);
}
