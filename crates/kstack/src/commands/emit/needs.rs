//! What a cluster must have before an environment is applied, beside what the tree holds.

use stack_model::{CheckedStack, PlannedSecret, SecretValues};

/// A thing that is needed, and what to know of it.
pub(super) struct Need {
    pub(super) what: String,
    pub(super) about: String,
}

/// What nobody makes: images that are built elsewhere, Secrets that exist, and whoever reads objects of other kinds.
pub(super) fn of(stack: &CheckedStack) -> Vec<Need> {
    let built = stack.plans().iter().filter(|plan| plan.step_of.is_none());
    let built = built.filter_map(|plan| Some((plan, plan.build.as_ref()?)));
    let images = built.map(|(plan, build)| Need {
        what: format!("image {}", plan.image),
        about: format!("built from {}, and pushed", build.context.as_deref().unwrap_or(".")),
    });
    images.chain(secrets(stack)).chain(controllers(stack)).collect()
}

fn secrets(stack: &CheckedStack) -> impl Iterator<Item = Need> {
    let keys = |secret: &PlannedSecret| {
        let key = |(key, optional): (&stack_krm::ConfigKey, &bool)| {
            if *optional { format!("{key} (optional)") } else { key.to_string() }
        };
        secret.keys.iter().map(key).collect::<Vec<_>>().join(", ")
    };
    stack.secrets().iter().filter_map(move |secret| match &secret.values {
        SecretValues::Existing => Some(Need { what: format!("Secret {}", secret.name), about: keys(secret) }),
        SecretValues::ExternalStore(store) => Some(Need {
            what: format!("ClusterSecretStore {store}, key {}/{}", stack.stack().name, secret.name),
            about: keys(secret),
        }),
        SecretValues::Literals(_) => None,
    })
}

/// Whoever serves kinds that Kubernetes itself does not have, and what else the cluster is said to have.
fn controllers(stack: &CheckedStack) -> Vec<Need> {
    /// The group of a kind, and whose it is.
    const OWNERS: [(&str, &str); 3] = [
        ("external-secrets.io/", "External Secrets operator"),
        ("traefik.io/", "Traefik"),
        ("cert-manager.io/", "cert-manager"),
    ];
    let objects = stack.lower();
    let used = |group: &str| objects.iter().any(|object| object.api_version().starts_with(group));
    let mut needs: Vec<Need> = Vec::new();
    for (group, owner) in OWNERS.into_iter().filter(|(group, _)| used(group)) {
        needs.push(Need { what: owner.to_owned(), about: format!("serves {}", group.trim_end_matches('/')) });
    }
    let cluster = &stack.stack().cluster;
    let exposed = ["Ingress", "IngressRoute"].iter().any(|kind| objects.of_kind(kind).next().is_some());
    if exposed {
        let class = cluster.ingress.iter().map(|class| (format!("IngressClass {class}"), ""));
        let issuer = cluster.issuer.iter().map(|issuer| (format!("ClusterIssuer {issuer}"), "of cert-manager"));
        needs.extend(class.chain(issuer).map(|(what, about)| Need { what, about: about.to_owned() }));
    }
    if objects.of_kind("HorizontalPodAutoscaler").next().is_some() {
        let about = "serves metrics.k8s.io, by which autoscalers count".to_owned();
        needs.push(Need { what: "metrics-server".to_owned(), about });
    }
    needs
}
