//! Secrets that stand in a URL: the kubelet puts them there as they are, and some characters end a part of a URL.

use stack_krm::EnvName;

use super::{CheckedStack, Faults, PlannedSecret, SecretValues};
use crate::plan::{Composed, Part, Plan};
use crate::{SecretKeyRef, Stack, rule};

pub(super) fn check(stack: &Stack, plans: &[Plan], secrets: &[PlannedSecret], faults: &mut Faults) {
    for (plan, variable, reference) in in_urls(plans) {
        let secret = secrets.iter().find(|secret| secret.name == reference.secret);
        let Some(SecretValues::Literals(values)) = secret.map(|secret| &secret.values) else { continue };
        let Some(character) = values.get(&reference.key).and_then(|value| ending(value)) else { continue };
        let message = format!(
            "`{}` of Secret `{}` has `{character}`, and stands in a URL: variable `{variable}` of `{}`",
            reference.key, reference.secret, plan.id
        );
        let help = "use letters, digits, `-`, `.`, `_` and `~`".to_owned();
        faults.add(&rule::UNSAFE_IN_URL, &stack.environment.at, message, Some(help));
    }
}

impl CheckedStack {
    /// The service and its variable with a URL in which this key of a Secret stands, where the value would break it.
    pub fn broken_url(&self, secret: &str, key: &str, value: &str) -> Option<(&Plan, &EnvName)> {
        ending(value)?;
        let mut places = in_urls(&self.plans);
        let is_it = |reference: &SecretKeyRef| reference.secret.as_str() == secret && reference.key.as_str() == key;
        places.find(|(.., reference)| is_it(reference)).map(|(plan, variable, _)| (plan, variable))
    }
}

/// The first character that ends a part of a URL.
fn ending(value: &str) -> Option<char> {
    value.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~')))
}

/// Keys of Secrets in the URLs of variables.
fn in_urls(plans: &[Plan]) -> impl Iterator<Item = (&Plan, &EnvName, &SecretKeyRef)> {
    plans.iter().flat_map(|plan| {
        let steps = plan.init.iter().flat_map(|step| &step.env);
        let variables = plan.env.iter().chain(steps);
        variables.flat_map(move |(variable, value)| behind_scheme(value).map(move |secret| (plan, variable, secret)))
    })
}

fn behind_scheme(composed: &Composed) -> impl Iterator<Item = &SecretKeyRef> {
    let start = |part: &Part| matches!(part, Part::Text(text) if text.contains("://"));
    composed.0.iter().skip_while(move |part| !start(part)).filter_map(|part| match part {
        Part::Secret(reference, _) => Some(reference),
        Part::Text(_) | Part::Host(_) | Part::PodDomain(_) => None,
    })
}
