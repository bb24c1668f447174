use stack_krm::Resource;

use super::tree::nodes;

/// What an operator makes out of a custom resource: objects called as the resource with an ending, or as one of its fields says.
struct Operator {
    group: &'static str,
    kind: &'static str,
    makes: &'static str,
    named: Named,
}

enum Named {
    /// The resource's name with these endings.
    Endings(&'static [&'static str]),
    /// As the field says; where it says nothing, as the resource.
    Field(&'static [&'static str]),
}

const OPERATORS: &[Operator] = &[
    Operator {
        group: "postgresql.cnpg.io",
        kind: "Cluster",
        makes: "Service",
        named: Named::Endings(&["-rw", "-ro", "-r"]),
    },
    Operator {
        group: "postgresql.cnpg.io",
        kind: "Cluster",
        makes: "Secret",
        named: Named::Endings(&["-app", "-superuser", "-ca", "-server", "-replication"]),
    },
    Operator { group: "postgresql.cnpg.io", kind: "Pooler", makes: "Service", named: Named::Endings(&[""]) },
    Operator {
        group: "rabbitmq.com",
        kind: "RabbitmqCluster",
        makes: "Service",
        named: Named::Endings(&["", "-nodes"]),
    },
    Operator {
        group: "rabbitmq.com",
        kind: "RabbitmqCluster",
        makes: "Secret",
        named: Named::Endings(&["-default-user"]),
    },
    Operator {
        group: "kafka.strimzi.io",
        kind: "Kafka",
        makes: "Service",
        named: Named::Endings(&["-kafka-bootstrap", "-kafka-brokers"]),
    },
    Operator { group: "minio.min.io", kind: "Tenant", makes: "Service", named: Named::Endings(&["-hl", "-console"]) },
    Operator {
        group: "cert-manager.io",
        kind: "Certificate",
        makes: "Secret",
        named: Named::Field(&["spec", "secretName"]),
    },
    Operator {
        group: "external-secrets.io",
        kind: "ExternalSecret",
        makes: "Secret",
        named: Named::Field(&["spec", "target", "name"]),
    },
    Operator { group: "bitnami.com", kind: "SealedSecret", makes: "Secret", named: Named::Endings(&[""]) },
    Operator {
        group: "secrets.infisical.com",
        kind: "InfisicalSecret",
        makes: "Secret",
        named: Named::Field(&["spec", "managedSecretReference", "secretName"]),
    },
    Operator {
        group: "secrets.infisical.com",
        kind: "InfisicalSecret",
        makes: "Secret",
        named: Named::Field(&["spec", "managedKubeSecretReferences", "*", "secretName"]),
    },
];

/// Labels of pods that operators make: a selector with one of them selects what no template of the tree shows.
const LABELS: &[&str] = &["cnpg.io/", "strimzi.io/", "v1.min.io/", "rabbitmq.com/"];

/// The objects that an operator makes of this one: kind, namespace, name.
pub(super) fn makes(resource: &Resource, namespace: &str) -> Vec<(&'static str, String, String)> {
    let group = resource.gvk().group;
    let mine = OPERATORS.iter().filter(|known| known.kind == resource.kind() && known.group == group.as_str());
    mine.flat_map(|operator| {
        let names = match operator.named {
            Named::Endings(endings) => endings.iter().map(|ending| format!("{}{ending}", resource.name())).collect(),
            Named::Field(path) => {
                let written: Vec<String> = nodes(resource.node(), path)
                    .into_iter()
                    .filter_map(|node| node.as_str().map(str::to_owned))
                    .collect();
                if written.is_empty() { vec![resource.name().to_owned()] } else { written }
            }
        };
        names.into_iter().map(|name| (operator.makes, namespace.to_owned(), name))
    })
    .collect()
}

pub(super) fn labels(key: &str) -> bool {
    LABELS.iter().any(|prefix| key.starts_with(prefix))
}
