use std::collections::BTreeMap;

use indexmap::IndexMap;
use stack_krm::{ConfigKey, DnsSubdomain};
use stack_source::proposal;

use super::Faults;
use crate::{Secret, SecretKey, SecretSource, Stack, rule};

/// A Secret that pods need, and who gives it its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSecret {
    /// Its name, before prefix, suffix and hash.
    pub name: DnsSubdomain,
    /// Its keys, and whether pods start without them.
    pub keys: BTreeMap<ConfigKey, bool>,
    /// Who gives the values.
    pub values: SecretValues,
}

/// Who gives a Secret its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretValues {
    /// Somebody made it already.
    Existing,
    /// The environment itself.
    Literals(BTreeMap<ConfigKey, String>),
    /// The External Secrets operator, from this ClusterSecretStore.
    ExternalStore(String),
}

pub(super) fn plan(stack: &Stack, secrets: &IndexMap<DnsSubdomain, Secret>, faults: &mut Faults) -> Vec<PlannedSecret> {
    let policy = &stack.environment.secrets;
    for (name, source) in &policy.by_name {
        let Some(Secret { keys }) = secrets.get(name) else {
            let help = proposal(name.as_str(), secrets.keys().map(DnsSubdomain::as_str));
            let message = format!("the environment gives Secret `{name}` values, and the stack has no such Secret");
            faults.add(&rule::UNKNOWN_SECRET, &stack.at, message, help);
            continue;
        };
        if let SecretSource::Literals(values) = source {
            for key in values.keys().filter(|key| !keys.contains_key(*key)) {
                let help = proposal(key.as_str(), keys.keys().map(ConfigKey::as_str));
                let message = format!("the environment gives Secret `{name}` the key `{key}`, which nothing reads");
                faults.add(&rule::UNKNOWN_SECRET, &stack.at, message, help);
            }
        }
    }
    let plan = |(name, secret): (&DnsSubdomain, &Secret)| PlannedSecret {
        name: name.clone(),
        keys: secret.keys.iter().map(|(key, declared)| (key.clone(), declared.optional)).collect(),
        values: values(stack, name, &secret.keys, faults),
    };
    secrets.iter().map(plan).collect()
}

fn values(
    stack: &Stack,
    name: &DnsSubdomain,
    keys: &IndexMap<ConfigKey, SecretKey>,
    faults: &mut Faults,
) -> SecretValues {
    let policy = &stack.environment.secrets;
    let nothing = IndexMap::new();
    let given = match policy.by_name.get(name).unwrap_or(&policy.default) {
        SecretSource::ExternalStore(store) => return SecretValues::ExternalStore(store.clone()),
        SecretSource::Existing if policy.by_name.contains_key(name) || !policy.dev_only => {
            return SecretValues::Existing;
        }
        SecretSource::Existing => &nothing,
        SecretSource::Literals(given) => given,
    };
    let environment = stack.environment.called();
    let mut values = BTreeMap::new();
    for (key, declared) in keys {
        match given.get(key) {
            Some(value) => {
                values.insert(key.clone(), value.clone());
            }
            None if declared.optional => {}
            None if policy.dev_only => {
                values.insert(key.clone(), format!("dev-only-{name}-{key}"));
            }
            None => {
                let message =
                    format!("key `{key}` of Secret `{name}` is needed, and nothing gives {environment} a value");
                let help = stack.edit(&format!("`secrets: {{{name}: {{{key}: VALUE}}}}`"));
                faults.add(&rule::SECRET_WITHOUT_OWNER, &declared.at, message, Some(help));
            }
        }
    }
    SecretValues::Literals(values)
}
