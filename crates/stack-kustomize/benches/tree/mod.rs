//! Trees of growing size: a Deployment, a Service and a `ConfigMap` for each app; the overlay adds a prefix, labels and selectors,
//! rewrites seven images and patches every Deployment.

use std::fmt::Write as _;

use stack_source::{FileTree, TreePath};

/// How patches find their objects.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patches {
    Named,
    Targeted,
    None,
}

pub(crate) fn path(text: &str) -> TreePath {
    TreePath::new(text).unwrap_or_default()
}

/// The tree with so many resources; its root is `overlay`.
pub(crate) fn tree(resources: usize, patches: Patches) -> FileTree {
    let mut base = String::new();
    let mut overlay = String::from(
        "namePrefix: prod-\nresources: [../base]\nlabels:\n- includeSelectors: true\n  pairs: {env: prod}\nimages:\n",
    );
    for index in 0..7 {
        let _ = writeln!(overlay, "- {{name: registry.example/image-{index}, newTag: v2}}");
    }
    match patches {
        Patches::None => {}
        Patches::Named | Patches::Targeted => overlay.push_str("patches:\n"),
    }
    for app in 0..resources / 3 {
        let image = app % 7;
        let _ = write!(
            base,
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-{app}\n  labels:\n    app: app-{app}\nspec:\n  replicas: 1\n  selector:\n    matchLabels:\n      app: app-{app}\n  template:\n    metadata:\n      labels:\n        app: app-{app}\n    spec:\n      containers:\n      - name: main\n        image: registry.example/image-{image}:v1\n        ports:\n        - containerPort: 8080\n        envFrom:\n        - configMapRef:\n            name: app-{app}\n        env:\n        - name: LOG_LEVEL\n          value: info\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: app-{app}\nspec:\n  selector:\n    app: app-{app}\n  ports:\n  - port: 80\n    targetPort: 8080\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app-{app}\ndata:\n  HOST: app-{app}.example\n  MODE: \"1\"\n---\n"
        );
        let patch = format!(
            "    apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n      name: app-{app}\n    spec:\n      template:\n        spec:\n          containers:\n          - name: main\n            env:\n            - name: LOG_LEVEL\n              value: debug\n"
        );
        let _ = match patches {
            Patches::None => Ok(()),
            Patches::Named => write!(overlay, "- patch: |\n{patch}"),
            Patches::Targeted => {
                write!(overlay, "- target: {{kind: Deployment, name: app-{app}}}\n  patch: |\n{patch}")
            }
        };
    }
    let mut files = FileTree::new();
    files.insert(path("base/kustomization.yaml"), "resources: [all.yaml]\n");
    files.insert(path("base/all.yaml"), base);
    files.insert(path("overlay/kustomization.yaml"), overlay);
    files
}
