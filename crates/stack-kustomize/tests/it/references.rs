//! Names that meet no object, and names in fields of which kustomize knows nothing.

#![expect(clippy::unwrap_used, reason = "the texts of a test are known to be right")]

use stack_kustomize::{BuildOptions, Built, build};
use stack_source::{FileTree, TreePath};

use crate::silent::{ROOT, Silent, check};

const MAPS: &str =
    "resources: [a.yaml]\nconfigMapGenerator: [{name: app-config}]\nsecretGenerator: [{name: db-credentials}]\n";

const MISSPELT: &[Silent] = &[
    (
        &[
            (ROOT, MAPS),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {imagePullSecrets: [{name: registry}], \
                 containers: [{name: a, envFrom: [{configMapRef: {name: app-confg}}, {secretRef: {name: db-credentails}}], \
                 env: [{name: A, valueFrom: {configMapKeyRef: {name: app_config, key: a}}}]}], \
                 volumes: [{name: v, secret: {secretName: db-credentials-5kb7c9hh8t}}]}}",
            ),
        ],
        &[
            (
                "name-left",
                "`app-confg` in `v1 Pod web` is no ConfigMap of this build, and `app-config` is one, called \
                 `app-config-6ct58987ht` now",
            ),
            (
                "name-left",
                "`db-credentails` in `v1 Pod web` is no Secret of this build, and `db-credentials` is one, called \
                 `db-credentials-46f8b28mk5` now",
            ),
            (
                "name-left",
                "`app_config` in `v1 Pod web` is no ConfigMap of this build, and `app-config` is one, called \
                 `app-config-6ct58987ht` now",
            ),
            (
                "name-left",
                "`db-credentials-5kb7c9hh8t` in `v1 Pod web` is no Secret of this build, and `db-credentials` is one, called \
                 `db-credentials-46f8b28mk5` now",
            ),
        ],
    ),
    (
        // The kind beside a name says which objects it may mean, and the near one need not have another name.
        &[
            (ROOT, "resources: [a.yaml]"),
            (
                "a.yaml",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: frontend}, spec: {template: {spec: \
                 {serviceAccountName: reeder}}}}\n---\n\
                 {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: frontends}, spec: {serviceName: frontned}}\n---\n\
                 {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, spec: {scaleTargetRef: \
                 {apiVersion: apps/v1, kind: Deployment, name: frotend}}}\n---\n\
                 {apiVersion: v1, kind: ServiceAccount, metadata: {name: reader}}\n---\n\
                 {apiVersion: v1, kind: Service, metadata: {name: frontend}}\n---\n\
                 {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader}}\n---\n\
                 {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a}, roleRef: {kind: Role, \
                 apiGroup: rbac.authorization.k8s.io, name: raeder}, subjects: [{kind: ServiceAccount, name: readr}, \
                 {kind: User, name: readr}]}\n",
            ),
        ],
        &[
            (
                "name-left",
                "`reeder` in `apps/v1 Deployment frontend` is no ServiceAccount of this build, and `reader` is one",
            ),
            (
                "name-left",
                "`frontned` in `apps/v1 StatefulSet frontends` is no Service of this build, and `frontend` is one",
            ),
            (
                "name-left",
                "`frotend` in `autoscaling/v2 HorizontalPodAutoscaler a` is no Deployment of this build, and `frontend` is one",
            ),
            (
                "name-left",
                "`raeder` in `rbac.authorization.k8s.io/v1 RoleBinding a` is no Role of this build, and `reader` is one",
            ),
            (
                "name-left",
                "`readr` in `rbac.authorization.k8s.io/v1 RoleBinding a` is no ServiceAccount of this build, and `reader` is one",
            ),
        ],
    ),
    (
        // What is outside of the build may be called nearly so.
        &[
            (
                ROOT,
                "resources: [a.yaml, other]\nconfigMapGenerator: [{name: app-config-1}, {name: web}, {name: api-config}, \
                 {name: mysql-config}]\n",
            ),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: mssql-0}, spec: {containers: [{name: a, envFrom: [\
                 {configMapRef: {name: app-config-2}}, {configMapRef: {name: web2}}, {configMapRef: {name: app-config}}, \
                 {configMapRef: {name: mssql-config}}, {configMapRef: {name: far-off}}, {configMapRef: {name: web-0123456789}}]}]}}\n---\n\
                 {apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: database}}\n---\n\
                 {apiVersion: v1, kind: Secret, metadata: {name: databases}}\n---\n\
                 {apiVersion: v1, kind: ConfigMap, metadata: {name: leader-lock}}\n---\n\
                 {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}, rules: [{apiGroups: [''], \
                 resources: [configmaps], resourceNames: [leader-locks], verbs: [get]}]}\n---\n\
                 {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {volumes: [{name: a, secret: {secretName: database}}, \
                 {name: b, configMap: {name: elsewhre}}], serviceAccountName: default}}\n---\n\
                 {apiVersion: v1, kind: ServiceAccount, metadata: {name: defaults}}\n---\n\
                 {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: admins}}\n---\n\
                 {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: a}, roleRef: {kind: \
                 ClusterRole, apiGroup: rbac.authorization.k8s.io, name: admin}}\n",
            ),
            ("other/kustomization.yaml", "resources: [a.yaml]\nnamespace: other"),
            ("other/a.yaml", "{apiVersion: v1, kind: ConfigMap, metadata: {name: elsewhere}}"),
        ],
        &[],
    ),
    (
        // A name with its prefix, or without it, is one that the object has or had.
        &[
            (ROOT, "resources: [a.yaml]\nnamePrefix: p-\nconfigMapGenerator: [{name: app-config}]"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {volumes: [{name: a, configMap: {name: app-config}}, \
                 {name: b, configMap: {name: p-app-config}}, {name: c, configMap: {name: app-configs}}]}}",
            ),
        ],
        &[(
            "name-left",
            "`app-configs` in `v1 Pod p-a` is no ConfigMap of this build, and `app-config` is one, called \
             `p-app-config-6ct58987ht` now",
        )],
    ),
];

const CUSTOM: &[Silent] = &[
    (
        &[
            (ROOT, MAPS),
            (
                "a.yaml",
                "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: r, annotations: {secretName: \
                 db-credentials}}, spec: {valuesFrom: [{kind: ConfigMap, name: app-config}, {kind: Secret, name: app-config}, \
                 {kind: Secret, name: db-credentials}], values: {auth: {existingSecret: db-credentials, user: db-credentials}}}}\n---\n\
                 {apiVersion: x.io/v1, kind: App, metadata: {name: a}, spec: {env: [{valueFrom: {secretKeyRef: {name: \
                 db-credentials, key: a}}}], x/y: {configMaps: [app-config]}, name: app-config, title: app-config, \
                 configMapRef: {name: db-credentials}, secretRef: {name: db-credentials, namespace: other}}}\n---\n\
                 {apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {secretName: db-credentials}}\n",
            ),
        ],
        &[
            (
                "name-left",
                "`app-config` stays as it is in `helm.toolkit.fluxcd.io/v2 HelmRelease r`, and the object of that name is \
                 `v1 ConfigMap app-config-6ct58987ht` now",
            ),
            (
                "name-left",
                "`db-credentials` stays as it is in `helm.toolkit.fluxcd.io/v2 HelmRelease r`, and the object of that name is \
                 `v1 Secret db-credentials-46f8b28mk5` now",
            ),
            (
                "name-left",
                "`db-credentials` stays as it is in `helm.toolkit.fluxcd.io/v2 HelmRelease r`, and the object of that name is \
                 `v1 Secret db-credentials-46f8b28mk5` now",
            ),
            (
                "name-left",
                "`db-credentials` stays as it is in `x.io/v1 App a`, and the object of that name is \
                 `v1 Secret db-credentials-46f8b28mk5` now",
            ),
            (
                "name-left",
                "`app-config` stays as it is in `x.io/v1 App a`, and the object of that name is \
                 `v1 ConfigMap app-config-6ct58987ht` now",
            ),
        ],
    ),
    (
        // Kinds of which the build has objects are named too, and a kind that its API takes by default.
        &[
            (ROOT, "resources: [a.yaml]\nnamePrefix: p-"),
            (
                "a.yaml",
                "{apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, metadata: {name: charts}}\n---\n\
                 {apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: a}, spec: {chart: {spec: \
                 {sourceRef: {kind: HelmRepository, name: charts}}}, dependsOn: [{name: a}, {name: charts}]}}\n---\n\
                 {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {parentRefs: [{name: \
                 web}], rules: [{backendRefs: [{name: web, port: 80}, {group: x.io, kind: Service, name: web}]}]}}\n---\n\
                 {apiVersion: v1, kind: Service, metadata: {name: web}}\n",
            ),
        ],
        &[
            (
                "name-left",
                "`charts` stays as it is in `helm.toolkit.fluxcd.io/v2 HelmRelease p-a`, and the object of that name is \
                 `source.toolkit.fluxcd.io/v1 HelmRepository p-charts` now",
            ),
            (
                "name-left",
                "`a` stays as it is in `helm.toolkit.fluxcd.io/v2 HelmRelease p-a`, and the object of that name is \
                 `helm.toolkit.fluxcd.io/v2 HelmRelease p-a` now",
            ),
            (
                "name-left",
                "`web` stays as it is in `gateway.networking.k8s.io/v1 HTTPRoute p-a`, and the object of that name is \
                 `v1 Service p-web` now",
            ),
        ],
    ),
    (
        // A name that an object has as it is means that one.
        &[
            (ROOT, "resources: [p, a.yaml]"),
            ("p/kustomization.yaml", "resources: [a.yaml]\nnamePrefix: p-"),
            ("p/a.yaml", "{apiVersion: v1, kind: Secret, metadata: {name: s}}"),
            (
                "a.yaml",
                "{apiVersion: v1, kind: Secret, metadata: {name: s}}\n---\n\
                 {apiVersion: x.io/v1, kind: App, metadata: {name: a}, spec: {secretName: s}}\n",
            ),
        ],
        &[],
    ),
];

#[test]
fn a_misspelt_name_is_said_and_its_look_alike_is_not() {
    check(MISSPELT);
}

#[test]
fn a_name_that_is_left_in_a_custom_resource_is_said() {
    check(CUSTOM);
}

fn built(files: &[(&str, &str)]) -> Built {
    let mut tree = FileTree::new();
    tree.extend(files.iter().map(|(path, text)| (TreePath::new(path).unwrap(), text.as_bytes().into())));
    build(&tree, &TreePath::default(), &BuildOptions::default()).unwrap()
}

/// The edit for a name in a custom resource is what a file of `configurations` takes, and mends it.
#[test]
fn the_edit_for_a_custom_resource_mends_it() {
    let app =
        "{apiVersion: x.io/v1, kind: App, metadata: {name: a}, spec: {x/y: [{secretRef: {name: db-credentials}}]}}";
    let before = built(&[(ROOT, MAPS), ("a.yaml", app)]);
    let help = before.warnings.iter().next().unwrap().help.clone().unwrap();
    let entry = help.split('`').nth(1).unwrap();
    assert_eq!(entry, r"{kind: Secret, fieldSpecs: [{kind: App, path: spec/x\/y/secretRef/name}]}");
    let root = format!("{MAPS}configurations: [c.yaml]\n");
    let names = format!("nameReference:\n- {entry}\n");
    let after = built(&[(ROOT, &root), ("a.yaml", app), ("c.yaml", &names)]);
    assert_eq!(after.warnings.iter().count(), 0);
    assert!(after.to_yaml().unwrap().contains("  - secretRef:\n      name: db-credentials-46f8b28mk5\n"));
}

/// Of names that meet nothing, beside many that are as long, only so many are compared, and equal ones once.
#[test]
fn many_names_that_meet_nothing_are_soon_given_up() {
    let letters = |number: usize| -> String {
        (0..3).map(|digit| char::from(b'a' + u8::try_from(number / 10_usize.pow(digit) % 10).unwrap())).collect()
    };
    let map = |name: &str| format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}\n---\n");
    let pod = |number: usize, named: &str| {
        let spec = format!("{{volumes: [{{name: v, configMap: {{name: {named}}}}}]}}");
        format!("{{apiVersion: v1, kind: Pod, metadata: {{name: p{number}}}, spec: {spec}}}\n---\n")
    };
    let slips = |maps: usize, pods: usize, named: &dyn Fn(usize) -> String| {
        let maps = (0..maps).map(|number| map(&format!("in-{}-config", letters(number))));
        let pods = (0..pods).map(|number| pod(number, &named(number)));
        let text: String = maps.chain(pods).chain([pod(usize::MAX, "in-aaa-confg")]).collect();
        built(&[(ROOT, "resources: [a.yaml]"), ("a.yaml", &text)]).warnings.iter().count()
    };
    let outside = |number: usize| format!("out-{}-secret", letters(number));
    assert_eq!(slips(10, 10, &outside), 1);
    assert_eq!(slips(600, 600, &outside), 0);
    assert_eq!(slips(200, 2_000, &|_| outside(0)), 1);
}

/// Where each namespace has objects of the same names, a name is looked for in its own one first, and elsewhere within bounds.
#[test]
fn equal_names_in_many_namespaces_are_found_in_their_own() {
    let many = |count: usize, app: &str| {
        let one = |number: usize| {
            let id = |name| format!("metadata: {{name: {name}, namespace: n{number}}}");
            format!(
                "{{apiVersion: v1, kind: Secret, {}}}\n---\n{{{app}, {}, spec: {{volumes: [{{secret: {{secretName: SECRET}}}}]}}}}\n---\n",
                id("credentials"),
                id("a")
            )
        };
        (0..count).map(one).collect::<String>()
    };
    let said =
        |text: &str| built(&[(ROOT, "resources: [a.yaml]\nnamePrefix: p-"), ("a.yaml", text)]).warnings.iter().count();
    let left = many(1_100, "apiVersion: x.io/v1, kind: App").replace("SECRET", "credentials");
    assert_eq!(said(&left), 1_100);
    let misspelt = many(1_000, "apiVersion: v1, kind: Pod").replace("SECRET", "credentails");
    assert!((100..1_000).contains(&said(&misspelt)));
}
