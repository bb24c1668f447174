//! What kustomize does without a word, and what we say about it.

#![expect(clippy::unwrap_used, reason = "the texts of a test are known to be right")]

use stack_kustomize::{BuildOptions, build};
use stack_source::{FileTree, TreePath};

/// Files, the kustomization first, and the warnings: rule and message.
pub(crate) type Silent = (&'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

pub(crate) const ROOT: &str = "kustomization.yaml";

const OUTSIDE: &str = "{apiVersion: x.io/v1, kind: Outside, metadata: {name: a}}\n---\n\
     {apiVersion: x.io/v1, kind: Outside, metadata: {name: b}}\n---\n\
     {apiVersion: x.io/v1, kind: Outside, metadata: {name: c}}\n---\n\
     {apiVersion: x.io/v1, kind: Outside, metadata: {name: d}}\n---\n\
     {apiVersion: y.io/v1, kind: Outside, metadata: {name: a}}\n---\n\
     {apiVersion: x.io/v1, kind: Inside, metadata: {name: a}}\n";

const DEFINITIONS: &str = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: outsides.x.io}, \
     spec: {group: x.io, scope: Cluster, names: {kind: Outside}}}\n---\n\
     {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: tolds.x.io}, \
     spec: {group: x.io, scope: Cluster, names: {kind: Told}}}\n---\n\
     {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: insides.x.io}, \
     spec: {group: x.io, scope: Namespaced, names: {kind: Inside}}}\n";

const SILENT: &[Silent] = &[
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}]"),
            (
                "a.yaml",
                "apiVersion: v1\nkind: A\nmetadata: {name: a}\n...\napiVersion: v1\nkind: A\nmetadata: {name: b}\n",
            ),
            ("p.yaml", "apiVersion: v1\nkind: A\nmetadata: {name: a}\nb: 1\n...\n# nothing\n"),
        ],
        &[("ignored-text", "kustomize reads nothing behind the end of the document")],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}]"),
            ("a.yaml", "apiVersion: v1\nkind: A\nmetadata: {name: a}\n"),
            (
                "p.yaml",
                "apiVersion: v1\nkind: A\nmetadata: {name: a}\nb: 1\n...\napiVersion: v1\nkind: A\nmetadata: {name: a}\nc: 1\n",
            ),
        ],
        &[("ignored-text", "kustomize reads nothing behind the end of the document")],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nreplacements: [{source: {kind: A}, targets: [{select: {kind: B}, fieldPaths: [a.0], options: {create: true}}]}]\n",
            ),
            (
                "a.yaml",
                "apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\napiVersion: v1\nkind: B\nmetadata: {name: b}\na: null\n",
            ),
        ],
        &[("without-effect", "the value for `a.0` of `v1 B b` is lost: there is a null on the way")],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\n...\nx: [\n"),
            ("a.yaml", "apiVersion: v1\nkind: A\nmetadata: {name: a}\nb: &b {c: d}\ne:\n  f: g\n  <<: *b\n"),
        ],
        &[("ignored-text", "kustomize reads the first document only here")],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nreplacements: [{source: {kind: ConfigMap, fieldPath: data}, \
                 targets: [{select: {kind: ConfigMap}, fieldPaths: [spec.text, spec.none, spec.map]}]}]",
            ),
            (
                "a.yaml",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}, spec: {text: x, none: '', map: {}}}",
            ),
        ],
        &[("unexpected-effect", "`spec.text` of `v1 ConfigMap a`: `x` is lost, and a map does not come in its place")],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: &a {x: 1}, b: &b {<<: *a}, c: &c {y: 1},\n\
                 d: &d {<<: *c}, e: {<<: [*b, *d]}, f: {<<: [*b, *a]}}}\n",
            ),
        ],
        &[("ignored-text", "the key `<<` stands twice here, and kustomize reads the first one only")],
    ),
    (
        &[
            (ROOT, "resources: [a.json]\n"),
            (
                "a.json",
                "{\"apiVersion\": \"v1\", \"kind\": \"A\", \"metadata\": {\"name\": \"a\"}}\n{\"apiVersion\": \"v1\", \"kind\": \"A\", \"metadata\": {\"name\": \"b\"}}\n",
            ),
        ],
        &[("ignored-text", "kustomize reads nothing behind the end of the document")],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\nnamePrefix: a-\nresources: [b.yaml]\n---\nnamePrefix: b-\n"),
            ("a.yaml", "apiVersion: v1\nkind: A\nmetadata: {name: a}\n"),
            ("b.yaml", "apiVersion: v1\nkind: A\nmetadata: {name: b}\n"),
        ],
        &[
            ("ignored-text", "the key `resources` stands twice here, and kustomize reads the last one only"),
            ("ignored-text", "kustomize reads the first document only here"),
        ],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\npatches: [{patch: '{apiVersion: v1, kind: Pod, metadata: {name: a}, \
                 spec: {volumes: [{name: v, $patch: delete}], affinity: {$patch: delete}}}'}]",
            ),
            ("a.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {volumes: [{name: w, emptyDir: {}}]}}"),
        ],
        &[
            ("without-effect", "there is nothing here that the patch could delete"),
            ("without-effect", "there is nothing here that the patch could delete"),
        ],
    ),
    (
        &[(
            ROOT,
            "generatorOptions: {disableNameSuffixHash: true, immutable: true}\n\
             configMapGenerator: [{name: a, options: {disableNameSuffixHash: false, immutable: true}}]\n\
             secretGenerator: [{name: a, options: {immutable: false}}]",
        )],
        &[
            (
                "without-effect",
                "`disableNameSuffixHash: false` changes nothing: `generatorOptions` switches it on for all",
            ),
            ("without-effect", "`immutable: false` changes nothing: `generatorOptions` switches it on for all"),
        ],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nconfigMapGenerator:\n- {name: a, behavior: merge, literals: [b=c]}\n\
                 - {name: b, behavior: replace, options: {disableNameSuffixHash: true}}\n- {name: c, envs: [c.env]}",
            ),
            (
                "a.yaml",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n\
                 {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n",
            ),
            ("c.env", "A=1\nB\n# C\n"),
        ],
        &[
            ("unexpected-effect", "the line has no `=`: all of it is a key, whose value is empty"),
            ("unexpected-effect", "`v1 ConfigMap a` gets no hash suffix: no generator has made what this one changes"),
        ],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\nopenapi: {path: s.json}\npatches: [{path: p.yaml}, {path: q.yaml}]"),
            ("s.json", "{\"definitions\": {}}"),
            ("a.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: a}]}}"),
            ("p.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, tty: true}]}}"),
            ("q.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostname: a}}"),
        ],
        &[(
            "unexpected-effect",
            "the lists of the patch take the place of those of `v1 Pod a`: the schema that `openapi` names does not \
             know `v1 Pod`",
        )],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\nimages: [{name: a, tagSuffix: -alpine}]"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: 'a:1'}]}}",
            ),
        ],
        &[("unexpected-effect", "kustomize appends `-alpine` twice in pods")],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\nnamePrefix: p-\nlabels: [{pairs: {a: b}, includeSelectors: true}]"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: None}}\n---\n\
                 {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {selector: {a: b}}}\n---\n\
                 {apiVersion: v1, kind: Service, metadata: {name: c}, spec: {type: ExternalName, externalName: c.example}}\n",
            ),
        ],
        &[("unexpected-effect", "`v1 Service p-a` has no selector, and gets one of these labels")],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\nnamePrefix: p-"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}\n---\n\
                 {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b}, \
                 roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}, \
                 subjects: [{kind: User, name: sa}, {kind: ServiceAccount, name: sa}]}\n",
            ),
        ],
        &[("unexpected-effect", "the User `sa` gets the name of an account: kustomize does not look at its kind")],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\npatches: [{target: {kind: A}, patch: '[{\"op\": \"replace\", \"path\": \"/spec/b\", \
                 \"value\": 1}, {\"op\": \"replace\", \"path\": \"/spec/a\", \"value\": 1}]'}]",
            ),
            ("a.yaml", "{apiVersion: v1, kind: A, metadata: {name: a}, spec: {a: 2}}"),
        ],
        &[("unexpected-effect", "`v1 A a` has no `/spec/b` to replace, and kustomize adds it")],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nreplacements: [{source: {kind: A}, targets: [{select: {kind: A}, \
                 fieldPaths: ['l.[name=web].v', 'l.[name=^db$].v']}]}]",
            ),
            (
                "a.yaml",
                "{apiVersion: v1, kind: A, metadata: {name: a}, l: [{name: web, v: x}, {name: my-web, v: x}, {name: db, v: x}]}",
            ),
        ],
        &[(
            "unexpected-effect",
            "`l.[name=web].v` of `v1 A a` means `my-web` too: what stands behind `=` is a pattern",
        )],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\nnamePrefix: p-"),
            (
                "a.yaml",
                "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: c}}\n---\n\
                 {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {ingressClassName: c}}\n---\n\
                 {apiVersion: v1, kind: Secret, metadata: {name: s}}\n---\n\
                 {apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, secrets: [{name: s}]}\n---\n\
                 {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {ephemeralContainers: [{name: a, \
                 envFrom: [{secretRef: {name: s}}, {secretRef: {name: other}}]}], \
                 volumes: [{name: v, csi: {driver: d, nodePublishSecretRef: {name: s}}}]}}\n",
            ),
        ],
        &[
            (
                "name-left",
                "`c` stays as it is in `networking.k8s.io/v1 Ingress p-i`, and the object of that name is \
                 `networking.k8s.io/v1 IngressClass p-c` now",
            ),
            (
                "name-left",
                "`s` stays as it is in `v1 ServiceAccount p-a`, and the object of that name is `v1 Secret p-s` now",
            ),
            ("name-left", "`s` stays as it is in `v1 Pod p-a`, and the object of that name is `v1 Secret p-s` now"),
            ("name-left", "`s` stays as it is in `v1 Pod p-a`, and the object of that name is `v1 Secret p-s` now"),
        ],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}]"),
            (
                "a.yaml",
                "{apiVersion: x.io/v1, kind: A, metadata: {name: a}, spec: {l: [{name: a, x: 1, y: {z: 1, w: 1}}, {name: b}, \
                 {name: c}], claims: [{metadata: {name: a}, size: 1}], ports: [{port: 1, x: 1}, {port: 2}]}}\n---\n\
                 {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, spec: {volumeClaimTemplates: \
                 [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce]}}]}}\n",
            ),
            (
                "p.yaml",
                "{apiVersion: x.io/v1, kind: A, metadata: {name: a}, spec: {l: [{name: d}, {name: a, y: {z: 2}}], \
                 claims: [{metadata: {name: b}}], ports: [{port: 2}]}}\n---\n\
                 {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, spec: {volumeClaimTemplates: \
                 [{metadata: {name: d}, spec: {resources: {requests: {storage: 1Gi}}}}]}}\n",
            ),
        ],
        &[
            (
                "unexpected-effect",
                "`x.io/v1 A a` loses 2 elements (`b`, `c`) and 2 fields (`x` of `a`, `y.w` of `a`): kustomize knows no merge key \
                 for this list, and puts the patch's in its place",
            ),
            (
                "unexpected-effect",
                "`x.io/v1 A a` loses 1 element (`a`): kustomize knows no merge key for this list, and puts the patch's in its place",
            ),
            (
                "unexpected-effect",
                "`x.io/v1 A a` loses 1 element (`1`): kustomize knows no merge key for this list, and puts the patch's in its place",
            ),
            (
                "unexpected-effect",
                "`apps/v1 StatefulSet s` loses 1 field (`spec.accessModes` of `d`): kustomize knows no merge key for this list, \
                 and puts the patch's in its place",
            ),
        ],
    ),
    (&[(ROOT, "namespace: a")], &[("without-effect", "the build gives no object")]),
    // An empty list says so, and a component has the objects of others.
    (&[(ROOT, "resources: []")], &[]),
    (
        // An `add` that repeats what is there, and one of what was not there before, lose nothing.
        &[
            (
                ROOT,
                "resources: [a.yaml]\npatches:\n- target: {kind: A}\n  patch: |-\n    - {op: add, path: /l, value: [1, 2]}\n    \
                 - {op: add, path: /m, value: {a: 2, b: 1}}\n    - {op: add, path: /n, value: {}}\n    \
                 - {op: add, path: /n/a, value: {b: c}}\n",
            ),
            ("a.yaml", "{apiVersion: x.io/v1, kind: A, metadata: {name: a}, l: [1], m: {a: 1}}"),
        ],
        &[],
    ),
    (
        // What a replacement finds by its old value it finds no more.
        &[
            (
                ROOT,
                "resources: [a.yaml]\nreplacements: [{source: {kind: A, fieldPath: metadata.name}, targets: [{select: {kind: A}, \
                 fieldPaths: ['spec.l.[x=1].x'], options: {create: true}}]}]",
            ),
            ("a.yaml", "{apiVersion: x.io/v1, kind: A, metadata: {name: a}, spec: {l: [{x: \"1\"}]}}"),
        ],
        &[],
    ),
    (
        // Lists that lose nothing, or are replaced as values are.
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}]"),
            (
                "a.yaml",
                "{apiVersion: x.io/v1, kind: A, metadata: {name: a}, args: [a, b], gone: [{name: a}], nameless: [{a: 1}, {a: 2}], \
                 same: [{name: a, x: 1, n: null}, {name: b}], twice: [{name: a}, {name: a}], keys: [{key: a, x: 1}], out: [{name: a}]}",
            ),
            (
                "p.yaml",
                "{apiVersion: x.io/v1, kind: A, metadata: {name: a}, args: [c], gone: [], nameless: [{a: 3}], \
                 same: [{name: b}, {name: c}, {name: a, x: 2}], twice: [{name: b}], keys: [{key: a, y: 1}], out: null}",
            ),
        ],
        &[],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml}]"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostname: a, containers: [{name: a, image: a}]}}",
            ),
            (
                "p.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a, creationTimestamp: null, labels: {l: null}}, spec: {hostnam: ~, \
                 tolerations: [{key: a, value: null}], affinity: {nodeAffinity: null}, containers: [{name: a, command: null}], \
                 securityContext: {$patch: replace, runAsUser: null}}}",
            ),
        ],
        &[
            ("without-effect", "`v1 Pod a` has no `l` here that the null could take away"),
            ("without-effect", "`v1 Pod a` has no `hostnam` here that the null could take away"),
            ("without-effect", "`v1 Pod a` has no `nodeAffinity` here that the null could take away"),
            ("without-effect", "`v1 Pod a` has no `command` here that the null could take away"),
            ("without-effect", "`v1 Pod a` has no `runAsUser` here that the null could take away"),
        ],
    ),
    (
        // Of what has a target, one object that has the field is enough; labels are texts; what is replaced is gone.
        &[
            (ROOT, "resources: [a.yaml]\npatches: [{path: p.yaml, target: {kind: A}}]"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: A, metadata: {name: a}, x: 1, m: {a: 1}}\n---\n\
                 {apiVersion: v1, kind: A, metadata: {name: b}, m: {b: 1}}\n",
            ),
            (
                "p.yaml",
                "{apiVersion: v1, kind: A, metadata: {name: a, labels: {l: null}}, x: null, y: null, \
                 m: {$patch: replace, a: null, c: {d: null}}}",
            ),
        ],
        &[("without-effect", "none of the 2 objects has a `y` here that the null could take away")],
    ),
    (
        // The definition may come later and from elsewhere; each field is told what it has done itself.
        &[
            (ROOT, "resources: [p, q, crd.yaml]"),
            ("p/kustomization.yaml", "resources: [a.yaml]\nnamespace: p\n"),
            ("p/a.yaml", OUTSIDE),
            ("q/kustomization.yaml", "resources: [a.yaml]\ntransformers: [t.yaml]\n"),
            ("q/t.yaml", "{apiVersion: builtin, kind: NamespaceTransformer, metadata: {name: t, namespace: q}}"),
            ("q/a.yaml", "{apiVersion: x.io/v1, kind: Outside, metadata: {name: e}}"),
            ("crd.yaml", DEFINITIONS),
        ],
        &[
            (
                "unexpected-effect",
                "`x.io/v1 Outside` lives outside namespaces, and kustomize puts `a`, `b`, `c`, … into `p`: it does not read \
                 definitions",
            ),
            (
                "unexpected-effect",
                "`x.io/v1 Outside` lives outside namespaces, and kustomize puts `e` into `q`: it does not read definitions",
            ),
        ],
    ),
    // Without a definition nobody knows.
    (&[(ROOT, "resources: [a.yaml]\nnamespace: p\n"), ("a.yaml", OUTSIDE)], &[]),
    (
        // What has the namespace in its file, or has it no more, or of which a schema tells kustomize.
        &[
            (ROOT, "resources: [p, q, crd.yaml]\nopenapi: {path: s.json}"),
            (
                "s.json",
                "{\"definitions\": {}, \"paths\": {\"/apis/x.io/v1/told\": {\"get\": {\"x-kubernetes-group-version-kind\": \
                 {\"group\": \"x.io\", \"version\": \"v1\", \"kind\": \"Told\"}}}}}",
            ),
            ("p/kustomization.yaml", "resources: [a.yaml]\nnamespace: p\n"),
            (
                "p/a.yaml",
                "{apiVersion: x.io/v1, kind: Outside, metadata: {name: a, namespace: p}}\n---\n\
                 {apiVersion: x.io/v1, kind: Told, metadata: {name: a}}\n---\n\
                 {apiVersion: x.io/v1, kind: Inside, metadata: {name: a}}\n",
            ),
            (
                "q/kustomization.yaml",
                "resources: [r]\npatches: [{target: {kind: Outside}, patch: '[{\"op\": \"remove\", \
                 \"path\": \"/metadata/namespace\"}]'}]\n",
            ),
            ("q/r/kustomization.yaml", "resources: [a.yaml]\nnamespace: q\n"),
            ("q/r/a.yaml", "{apiVersion: x.io/v1, kind: Outside, metadata: {name: a}}"),
            ("crd.yaml", DEFINITIONS),
        ],
        &[],
    ),
    (
        &[
            (ROOT, "resources: [p]\nnamespace: q\n"),
            ("p/kustomization.yaml", "resources: [a.yaml]\nnamespace: p\n"),
            ("p/a.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: p}}"),
        ],
        &[(
            "unexpected-effect",
            "the Namespace `p` is called `q` now: kustomize renames every Namespace to the `namespace` that it sets",
        )],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml]\ntransformers: [t.yaml, u.yaml]\n"),
            (
                "t.yaml",
                "{apiVersion: builtin, kind: NamespaceTransformer, metadata: {name: t, namespace: q}, \
                 fieldSpecs: [{kind: Namespace, path: metadata/name, create: true}]}",
            ),
            (
                "u.yaml",
                "{apiVersion: builtin, kind: NamespaceTransformer, metadata: {name: u, namespace: r}, unsetOnly: true, \
                 fieldSpecs: [{kind: Namespace, path: metadata/name, create: true}]}",
            ),
            ("a.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: p}}"),
        ],
        &[(
            "unexpected-effect",
            "the Namespace `p` is called `q` now: kustomize renames every Namespace to the `namespace` that it sets",
        )],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nimages:\n- {name: a.b, newTag: '1'}\n- {name: 'c\\.d', newTag: '1'}\n- {name: x.y, newTag: '1'}\n\
                 - {name: 'r.s/.*', newTag: '1'}\n- {name: 'e+f', newTag: '1'}\n- {name: 'g\\.h+', newTag: '1'}\n\
                 - {name: g.h, newTag: '1'}\ntransformers: [t.yaml]\n",
            ),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {initContainers: [{name: a, image: a.b}], \
                 containers: [{name: a, image: 'axb:2'}, {name: b, image: ayb}, {name: c, image: c.d}, {name: d, image: cxd}, \
                 {name: e, image: 'x.y@sha256:0'}, {name: f, image: 'rxs/app:2'}, {name: g, image: e+f}]}}",
            ),
            (
                "t.yaml",
                "{apiVersion: builtin, kind: ImageTagTransformer, metadata: {name: t}, imageTag: {name: a.b, newTag: '3'}}",
            ),
        ],
        &[
            ("unexpected-effect", "`a.b` means the image `axb` too: in a pattern, `.` stands for any character"),
            ("without-effect", "no container has an image that the pattern `e+f` matches"),
            ("without-effect", "no container has an image that the pattern `g\\.h+` matches"),
            ("without-effect", "no container has the image `g.h`"),
            ("unexpected-effect", "`a.b` means the image `axb` too: in a pattern, `.` stands for any character"),
        ],
    ),
];

#[test]
fn what_kustomize_does_silently_is_said() {
    check(SILENT);
}

pub(crate) fn check(cases: &[Silent]) {
    for (input, expected) in cases {
        let mut files = FileTree::new();
        files.extend(input.iter().map(|(path, text)| (TreePath::new(path).unwrap(), text.as_bytes().into())));
        let built = build(&files, &TreePath::default(), &BuildOptions::default()).unwrap();
        let said: Vec<_> = built.warnings.iter().map(|warning| (warning.rule.name, warning.message.as_str())).collect();
        assert_eq!(said, *expected, "{}", input[0].1);
    }
}

const APP: &str = "{apiVersion: v1, kind: Service, metadata: {name: web, labels: {app: web}}, spec: {selector: {app: web}}}\n---\n\
     {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, \
     spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}}\n";
const MORE: &str = "{apiVersion: v1, kind: Pod, metadata: {name: one, labels: {app: web, part: b}}}\n---\n\
     {apiVersion: x.io/v1, kind: ServiceMonitor, metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}}}\n";
const ROLLOUT: &str = "{apiVersion: x.io/v1, kind: Rollout, metadata: {name: web}, \
     spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: []}}}}\n---\n\
     {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}}}\n";

/// Templates of what is no pod: a Secret, Applications, Machines.
const TEMPLATES: &str = "{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: web}, \
     spec: {template: {metadata: {labels: {app: web}}, type: Opaque}}}\n---\n\
     {apiVersion: argoproj.io/v1alpha1, kind: ApplicationSet, metadata: {name: web}, \
     spec: {template: {metadata: {labels: {app: web}}, spec: {project: web}}}}\n---\n\
     {apiVersion: cluster.x-k8s.io/v1beta1, kind: MachineDeployment, metadata: {name: web}, \
     spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {bootstrap: {}}}}}\n";

/// Labels by which others find objects, and those that are no such labels, or change on both sides.
const LABELS: &[Silent] = &[
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nlabels: [{pairs: {app: shop}}, {pairs: {team: shop}, includeSelectors: true}]",
            ),
            ("a.yaml", APP),
        ],
        &[],
    ),
    (&[(ROOT, "resources: [a.yaml]\nlabels: [{pairs: {app: shop}, includeSelectors: true}]"), ("a.yaml", APP)], &[]),
    (
        &[(ROOT, "resources: [a.yaml]\nlabels: [{pairs: {app: shop}, includeTemplates: true}]"), ("a.yaml", APP)],
        &[(
            "unexpected-effect",
            "`v1 Service web` no longer selects the pods of `apps/v1 Deployment web`: it selects `app: web`, and there is `app: shop`; \
             the same goes for 1 more",
        )],
    ),
    (
        // Only one of several entries comes between them.
        &[
            (
                ROOT,
                "resources: [a.yaml]\nlabels: [{pairs: {team: shop}, includeSelectors: true}, {pairs: {app: shop}, includeTemplates: true}]\n\
                 commonLabels: {tier: web}",
            ),
            ("a.yaml", APP),
        ],
        &[
            (
                "unexpected-effect",
                "`v1 Service web` no longer selects the pods of `apps/v1 Deployment web`: it selects `app: web`, and there is `app: shop`; \
                 the same goes for 1 more",
            ),
            ("deprecated-field", "`commonLabels` is deprecated"),
        ],
    ),
    (
        // The later one comes between them.
        &[
            (
                ROOT,
                "resources: [a.yaml]\nlabels: [{pairs: {app: a}, includeSelectors: true}, {pairs: {app: b}, includeTemplates: true}]",
            ),
            ("a.yaml", APP),
        ],
        &[(
            "unexpected-effect",
            "`v1 Service web` no longer selects the pods of `apps/v1 Deployment web`: it selects `app: a`, and there is `app: b`; \
             the same goes for 1 more",
        )],
    ),
    (
        // The earlier one does, and what the later one sets has no part in it, or puts nothing right.
        &[
            (ROOT, "resources: [a.yaml]\nlabels: [{pairs: {app: b}, includeTemplates: true}, {pairs: {app: c}}]"),
            ("a.yaml", APP),
        ],
        &[(
            "unexpected-effect",
            "`v1 Service web` no longer selects the pods of `apps/v1 Deployment web`: it selects `app: web`, and there is `app: b`; \
             the same goes for 1 more",
        )],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nlabels: [{pairs: {app: a}, includeTemplates: true}, {pairs: {app: b}, includeTemplates: true}]",
            ),
            ("a.yaml", APP),
        ],
        &[(
            "unexpected-effect",
            "`v1 Service web` no longer selects the pods of `apps/v1 Deployment web`: it selects `app: web`, and there is `app: b`; \
             the same goes for 1 more",
        )],
    ),
    (
        // What the earlier one takes away, the later one gives back.
        &[
            (
                ROOT,
                "resources: [a.yaml]\nlabels: [{pairs: {app: a}, includeTemplates: true}, {pairs: {app: b}, includeSelectors: true}]",
            ),
            ("a.yaml", APP),
        ],
        &[],
    ),
    (
        // What a bare pod and a Service are found by are labels of their own.
        &[(ROOT, "resources: [a.yaml, b.yaml]\nlabels: [{pairs: {app: shop}}]"), ("a.yaml", APP), ("b.yaml", MORE)],
        &[(
            "unexpected-effect",
            "`v1 Service web` no longer selects `v1 Pod one`: it selects `app: web`, and there is `app: shop`; the same goes for 2 more",
        )],
    ),
    (
        // In another namespace, nothing is alike.
        &[
            (ROOT, "resources: [a.yaml, b]\nlabels: [{pairs: {app: shop}, includeSelectors: true}]"),
            ("a.yaml", APP),
            (
                "b/kustomization.yaml",
                "namespace: b\nresources: [a.yaml]\nlabels: [{pairs: {app: b}, includeSelectors: true}]",
            ),
            ("b/a.yaml", APP),
        ],
        &[],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml, b]\nlabels: [{pairs: {app: shop}, includeSelectors: true}]"),
            ("a.yaml", APP),
            (
                "b/kustomization.yaml",
                "namePrefix: b\nresources: [a.yaml]\nlabels: [{pairs: {app: b}, includeSelectors: true}]",
            ),
            ("b/a.yaml", APP),
        ],
        &[(
            "unexpected-effect",
            "`v1 Service web` selects the pods of `apps/v1 Deployment bweb` too, as these labels make them alike; the same goes for 3 more",
        )],
    ),
    (
        &[(ROOT, "resources: [a.yaml]\nlabels: [{pairs: {team: shop}, includeSelectors: true}]"), ("a.yaml", ROLLOUT)],
        &[(
            "unexpected-effect",
            "`v1 Service web` no longer selects the pods of `x.io/v1 Rollout web`: it selects `team: shop`, and there is no `team`",
        )],
    ),
    (
        &[
            (ROOT, "resources: [a.yaml, b.yaml]\nlabels: [{pairs: {team: shop}, includeSelectors: true}]"),
            ("a.yaml", APP),
            ("b.yaml", TEMPLATES),
        ],
        &[],
    ),
    (
        &[
            (
                ROOT,
                "resources: [a.yaml]\nconfigurations: [c.yaml]\nlabels: [{pairs: {team: shop}, includeSelectors: true}]",
            ),
            ("a.yaml", ROLLOUT),
            (
                "c.yaml",
                "commonLabels: [{kind: Rollout, path: spec/template/metadata/labels, create: true}, \
                 {kind: Rollout, path: spec/selector/matchLabels}]",
            ),
        ],
        &[],
    ),
];

#[test]
fn labels_that_come_between_selectors_and_pods_are_told() {
    check(LABELS);
}

/// A Service that selects pods anew is found behind Deployments whose pods are all alike, within bounds, and in its own namespace.
#[test]
fn pods_that_are_all_alike_are_soon_given_up() {
    let said = |deployments: usize, namespaces: usize| {
        let one = |number: usize| {
            format!(
                "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d{number}, namespace: n{}}}, spec: {{selector: \
                 {{matchLabels: {{app: web}}}}, template: {{metadata: {{labels: {{app: web, team: old}}}}}}}}}}\n---\n",
                number % namespaces
            )
        };
        let service = "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: n0}, spec: {selector: {app: web, team: shop}}}\n";
        let text: String = (0..deployments).map(one).chain([service.to_owned()]).collect();
        let mut files = FileTree::new();
        let root = "resources: [a.yaml]\nlabels: [{pairs: {team: shop}, includeSelectors: true}]\n";
        for (path, text) in [(ROOT, root), ("a.yaml", &text)] {
            files.insert(TreePath::new(path).unwrap(), text);
        }
        build(&files, &TreePath::default(), &BuildOptions::default()).unwrap().warnings.iter().count()
    };
    assert_eq!(said(100, 1), 1);
    assert_eq!(said(600, 1), 0);
    assert_eq!(said(600, 600), 1);
}
