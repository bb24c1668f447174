//! How much a ConfigMap or Secret holds.

use std::collections::BTreeMap;

use stack_source::Locus;

use super::{Faults, PlannedSecret, SecretValues, Services};
use crate::plan::{Carrier, Config, FileSource, MountSource, Plan};
use crate::{ConfigFile, Stack, rule};

/// The most bytes that Kubernetes takes of all values together.
const MOST: usize = 1 << 20;

pub(super) fn check(
    stack: &Stack,
    services: &Services,
    plans: &[Plan],
    secrets: &[PlannedSecret],
    faults: &mut Faults,
) {
    let mut variables: BTreeMap<_, (&Plan, BTreeMap<&str, usize>)> = BTreeMap::new();
    for plan in plans.iter().filter(|plan| plan.step_of.is_none()) {
        for config in &plan.config {
            let what = format!("ConfigMap `{}`", config.name);
            let sizes = config.files.iter().map(|(key, content)| (key.as_str(), content.len()));
            let help = "put it into the image, or have a step before the start fetch it into a volume";
            report(&what, sizes, help, |key| place(services, plan, config, key), faults);
        }
        if let Some(name) = &plan.config_map {
            let (_, sizes) = variables.entry((plan.id.namespace(), name)).or_insert((plan, BTreeMap::new()));
            sizes.extend(plan.plain_variables().map(|(name, text)| (name.as_str(), text.len())));
        }
    }
    for ((_, name), (plan, sizes)) in variables {
        let what = format!("ConfigMap `{name}`");
        let at = |_: &str| services.get(&plan.id).map(|service| service.place("env").clone()).unwrap_or_default();
        let sizes = sizes.iter().map(|(name, size)| (*name, *size));
        report(&what, sizes, "give some of its services another `config-map`", at, faults);
    }
    for secret in secrets {
        let SecretValues::Literals(values) = &secret.values else { continue };
        let what = format!("Secret `{}`", secret.name);
        let sizes = values.iter().map(|(key, value)| (key.as_str(), value.len()));
        let at = |_: &str| stack.environment.at.or(&stack.at).clone();
        report(&what, sizes, "declare a part of its keys under another Secret", at, faults);
    }
}

/// Adds a fault where values of these sizes have no room, at the place of the largest.
fn report<'a>(
    what: &str,
    sizes: impl Iterator<Item = (&'a str, usize)> + Clone,
    help: &str,
    place: impl Fn(&str) -> Locus,
    faults: &mut Faults,
) {
    let total: usize = sizes.clone().map(|(_, size)| size).sum();
    let Some((key, size)) = sizes.max_by_key(|(_, size)| *size).filter(|_| total > MOST) else { return };
    let message =
        format!("{what} would have {total} bytes, and Kubernetes takes {MOST}; the largest is `{key}`, with {size}");
    faults.add(&rule::TOO_LARGE, &place(key), message, Some(help.to_owned()));
}

/// Where a service names the file that a key of a ConfigMap brings.
fn place(services: &Services, plan: &Plan, config: &Config, key: &str) -> Locus {
    let Some(service) = services.get(&plan.id) else { return Locus::default() };
    let mounted = plan.mounts.iter().find_map(|mount| {
        let MountSource::Files(sources) = &mount.source else { return None };
        let is_it = |source: &&FileSource| source.carrier == Carrier::ConfigMap && source.name == config.name;
        let files = sources.iter().filter(is_it).flat_map(|source| &source.files);
        let (file, _) = files.into_iter().find(|(_, brings)| brings.as_str() == key)?;
        service.files.get(&format!("{}/{file}", mount.path))
    });
    let at = mounted.map(|file| match file {
        ConfigFile::Original { at, .. } => at,
        ConfigFile::Text(text) | ConfigFile::Secret(text) => &text.at,
    });
    at.unwrap_or(&service.at).or(&service.at).clone()
}
