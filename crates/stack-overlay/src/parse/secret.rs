use stack_krm::yaml::Node;
use stack_model::SecretSource;
use stack_model::parse::{Reader, rule};

use super::said_by_name;
use crate::{GivenSecret, Said, SecretRules};

const LITERALS: &[(&str, bool)] = &[("allowed", true), ("refused", false)];
const MISSING: &[(&str, bool)] = &[("dev-only", true), ("refused", false)];

/// Who gives Secrets their values: one owner of all, or a map of rules and of owners by Secret.
///
/// ```yaml
/// secrets: external-secret/vault
/// secrets: {from: existing, literals: refused, tls: external-secret/vault, local: .env.dev, api: {key: literal}}
/// ```
pub(super) fn secrets(reader: &mut Reader<'_>, node: &Node) -> Option<SecretRules> {
    if node.as_scalar().is_some() && !node.is_null() {
        return Some(SecretRules { default: Some(source(reader, node)?), ..SecretRules::default() });
    }
    let mut rules = SecretRules::default();
    reader.map(node, "an owner of all Secrets, or a map of owners by Secret", |reader, key, node| {
        match key.as_str() {
            "from" => rules.default = source(reader, node),
            "literals" => rules.literals = reader.word(node, "a rule for literals", LITERALS),
            "missing" => rules.dev_only = reader.word(node, "a rule for missing values", MISSING),
            "local" => rules.local = reader.text(node),
            name => {
                let at = reader.at(key.span);
                rules.by_name.insert(name.to_owned(), Said { value: given(reader, node)?, at });
            }
        }
        Some(())
    })?;
    Some(rules)
}

fn given(reader: &mut Reader<'_>, node: &Node) -> Option<GivenSecret> {
    if node.as_mapping().is_some() {
        return said_by_name(reader, node).map(GivenSecret::Literals);
    }
    source(reader, node).map(GivenSecret::From)
}

/// `existing`, or `external-secret/STORE`.
fn source(reader: &mut Reader<'_>, node: &Node) -> Option<SecretSource> {
    let text = &reader.scalar(node, "the owner of a Secret, `existing` or `external-secret/STORE`")?;
    match text.split_once('/') {
        None if text == "existing" => Some(SecretSource::Existing),
        Some(("external-secret", store)) if !store.is_empty() => Some(SecretSource::ExternalStore(store.to_owned())),
        _ => {
            let help = "write `existing`, `external-secret/STORE`, or a map of keys and their values".to_owned();
            reader.fault(&rule::UNKNOWN_WORD, node.span, format!("`{text}` is no owner of a Secret"), help);
            None
        }
    }
}
