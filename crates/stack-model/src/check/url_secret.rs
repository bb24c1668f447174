//! Secrets that stand in a URL: the kubelet puts them there as they are, and some characters end a part of a URL.

use super::{Faults, PlannedSecret, SecretValues};
use crate::plan::{Composed, Part, Plan};
use crate::{Stack, rule};

pub(super) fn check(stack: &Stack, plans: &[Plan], secrets: &[PlannedSecret], faults: &mut Faults) {
    for plan in plans {
        let steps = plan.init.iter().flat_map(|step| &step.env);
        for (variable, composed) in plan.env.iter().chain(steps) {
            for (secret, key, character) in unsafe_parts(composed, secrets) {
                let message = format!(
                    "`{key}` of Secret `{secret}` has `{character}`, and stands in a URL: variable `{variable}` of `{}`",
                    plan.id
                );
                let help = "use letters, digits, `-`, `.`, `_` and `~`".to_owned();
                faults.add(&rule::UNSAFE_IN_URL, &stack.environment.at, message, Some(help));
            }
        }
    }
}

/// Keys with a literal value that would break the URL around them, and the first character that does.
fn unsafe_parts<'a>(
    composed: &'a Composed,
    secrets: &'a [PlannedSecret],
) -> impl Iterator<Item = (&'a str, &'a str, char)> {
    let in_url = composed.0.iter().scan(false, |in_url, part| {
        if let Part::Text(text) = part {
            *in_url |= text.contains("://");
        }
        Some(*in_url)
    });
    composed.0.iter().zip(in_url).filter_map(|(part, in_url)| {
        let Part::Secret(reference, _) = part else { return None };
        let secret = secrets.iter().find(|secret| secret.name == reference.secret).filter(|_| in_url)?;
        let SecretValues::Literals(values) = &secret.values else { return None };
        let ends = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~'));
        let character = values.get(&reference.key)?.chars().find(ends)?;
        Some((secret.name.as_str(), reference.key.as_str(), character))
    })
}
