//! Fields of custom resources that say which kind of object they name. Kustomize knows none of them; here they tell where a name was
//! left that means an object of the build.

/// How the name of a field ends, and the kind that it names then: a scalar, the `name` of a map, or a list of either.
///
/// A field is called as the API conventions of Kubernetes ("object references": `…Name`, `…Ref`) and its own pods have it; what
/// operators made of that stands beside it.
const ENDINGS: [(&str, &str); 22] = [
    // Also `existingConfigmap` of Bitnami's charts, and of whoever follows them.
    ("configMap", "ConfigMap"),
    ("configMapKeyRef", "ConfigMap"),
    ("configMapName", "ConfigMap"),
    ("configMapRef", "ConfigMap"),
    // `spec.configMaps` of the Prometheus Operator.
    ("configMaps", "ConfigMap"),
    ("claimName", "PersistentVolumeClaim"),
    // Bitnami's charts, beside `existingSecret`.
    ("existingClaim", "PersistentVolumeClaim"),
    ("ingressClassName", "IngressClass"),
    ("priorityClassName", "PriorityClass"),
    ("secret", "Secret"),
    ("secretKeyRef", "Secret"),
    // cert-manager, Istio, Traefik, as `tls` of an Ingress has it.
    ("secretName", "Secret"),
    // Flux, Crossplane, the operators of databases.
    ("secretRef", "Secret"),
    ("secretRefs", "Secret"),
    // `imagePullSecrets`, and `spec.secrets` of the Prometheus Operator.
    ("secrets", "Secret"),
    ("serviceAccount", "ServiceAccount"),
    ("serviceAccountName", "ServiceAccount"),
    // External Secrets.
    ("serviceAccountRef", "ServiceAccount"),
    ("serviceName", "Service"),
    ("serviceRef", "Service"),
    // CloudNativePG.
    ("storageClass", "StorageClass"),
    ("storageClassName", "StorageClass"),
];

/// The group of an object, a field of it, and the kind that this names where no `kind` stands beside the name: its API says so.
const DEFAULTS: [(&str, &str, &str); 12] = [
    // https://cert-manager.io/docs/reference/api-docs
    ("cert-manager.io", "issuerRef", "Issuer"),
    // https://external-secrets.io/latest/api/spec
    ("external-secrets.io", "secretStoreRef", "SecretStore"),
    // https://gateway-api.sigs.k8s.io/reference/spec
    ("gateway.networking.k8s.io", "backendRef", "Service"),
    ("gateway.networking.k8s.io", "backendRefs", "Service"),
    ("gateway.networking.k8s.io", "certificateRefs", "Secret"),
    ("gateway.networking.k8s.io", "parentRefs", "Gateway"),
    // https://fluxcd.io/flux/components
    ("helm.toolkit.fluxcd.io", "dependsOn", "HelmRelease"),
    ("kustomize.toolkit.fluxcd.io", "dependsOn", "Kustomization"),
    // https://keda.sh/docs/latest/reference/scaledobject-spec
    ("keda.sh", "scaleTargetRef", "Deployment"),
    // https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd
    ("traefik.io", "middlewares", "Middleware"),
    ("traefik.io", "services", "Service"),
    ("traefik.containo.us", "services", "Service"),
];

/// The kind that a field of objects of a group names.
pub(crate) fn named_kind(group: &str, field: &str) -> Option<&'static str> {
    let by_default = DEFAULTS.iter().find(|(of, name, _)| *of == group && *name == field).map(|(_, _, kind)| *kind);
    by_default.or_else(|| ENDINGS.iter().find(|(ending, _)| ends_in_words(field, ending)).map(|(_, kind)| *kind))
}

/// Whether a field is called so, or by words that end so.
fn ends_in_words(field: &str, ending: &str) -> bool {
    let Some(start) = field.len().checked_sub(ending.len()) else { return false };
    let (Some(before), Some(end)) = (field.get(..start), field.get(start..)) else { return false };
    end.eq_ignore_ascii_case(ending) && (before.is_empty() || end.starts_with(|first: char| first.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::named_kind;

    #[test]
    fn the_words_of_a_field_say_the_kind() {
        for (group, field, kind) in [
            ("x.io", "configMapRef", Some("ConfigMap")),
            ("x.io", "existingConfigmap", Some("ConfigMap")),
            ("x.io", "adminPasswordSecretName", Some("Secret")),
            ("x.io", "imagePullSecrets", Some("Secret")),
            ("x.io", "nosecret", None),
            ("x.io", "secretKey", None),
            ("x.io", "name", None),
            ("x.io", "ñsecret", None),
            ("x.io", "backendRefs", None),
            ("gateway.networking.k8s.io", "backendRefs", Some("Service")),
            ("cert-manager.io", "secretName", Some("Secret")),
        ] {
            assert_eq!(named_kind(group, field), kind, "{field}");
        }
    }
}
