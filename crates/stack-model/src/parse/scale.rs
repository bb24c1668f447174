use stack_krm::Quantity;
use stack_krm::yaml::Node;

use super::value::{counted, duration};
use super::{Reader, rule};
use crate::{Amount, Resources, Scale, ScaleRules, ScaleStep};

/// `{cpu: 500m..1000m, memory: 1Gi..2Gi}`, and `limits: none` for no limit whatever the layers below say.
pub(super) fn resources(reader: &mut Reader<'_>, node: &Node) -> Option<Resources> {
    reader.fields(node, "resources", |fields| {
        let unlimited = fields.read("limits", |reader, node| {
            if node.as_mapping().is_some() {
                let help =
                    "write `cpu: 250m..500m` and `memory: 256Mi..512Mi`, from the request to the limit".to_owned();
                reader.fault(&rule::WRONG_KIND, node.span, "limits stand behind their requests", help);
                return None;
            }
            reader.word(node, "a limit", &[("none", true)])
        });
        let unlimited = unlimited.unwrap_or_default();
        let mut read = |key| fields.read(key, |reader, node| amount(reader, node, unlimited)).unwrap_or_default();
        Resources { cpu: read("cpu"), memory: read("memory"), unlimited }
    })
}

/// `request..limit`, `request..`, `..limit`, or one quantity for both.
fn amount(reader: &mut Reader<'_>, node: &Node, unlimited: bool) -> Option<Amount> {
    let text = &reader.scalar(node, "a range, as `500m..1000m`")?;
    let Some((request, limit)) = text.split_once("..") else {
        let quantity = reader.quantity_of(node, text)?;
        return Some(Amount { request: Some(quantity), limit: Some(quantity).filter(|_| !unlimited) });
    };
    let mut side = |text: &str| {
        if text.is_empty() { Some(None) } else { reader.quantity_of(node, text).map(Some) }
    };
    let (request, limit): (Option<Option<Quantity>>, _) = (side(request), side(limit));
    let (request, limit) = (request?, limit?);
    if limit.is_some() && unlimited {
        let help = "take `limits: none` out, or write the request alone".to_owned();
        reader.fault(&rule::CONFLICTING_KEYS, node.span, "a limit beside `limits: none`", help);
    }
    if let (Some(request), Some(limit)) = (request, limit)
        && limit < request
    {
        let help = format!("write `{limit}..{request}`, from the request to the limit");
        reader.fault(
            &rule::INVALID_RANGE,
            node.span,
            format!("the limit {limit} is below the request {request}"),
            help,
        );
    }
    Some(Amount { request, limit })
}

/// `{replicas: 2..6, cpu: 70%}`
pub(super) fn scale(reader: &mut Reader<'_>, node: &Node) -> Option<Scale> {
    if node.as_scalar().is_some() && !node.is_null() {
        let none = reader.word(node, "a scale", &[("none", true)])?;
        return Some(Scale { none, ..Scale::default() });
    }
    reader.fields(node, "a scale", |fields| Scale {
        none: false,
        replicas: fields.read("replicas", replicas),
        cpu: fields.read("cpu", Reader::percent),
        memory: fields.read("memory", Reader::percent),
        up: fields.read("up", rules),
        down: fields.read("down", rules),
    })
}

fn replicas(reader: &mut Reader<'_>, node: &Node) -> Option<(u32, u32)> {
    let text = &reader.scalar(node, "a range, as `2..6`")?;
    let ends = text.split_once("..").and_then(|(fewest, most)| Some((counted(fewest)?, counted(most)?)));
    match ends {
        None => {
            reader.fault(
                &rule::INVALID_NUMBER,
                node.span,
                format!("`{text}` is no range of numbers"),
                help_range(text),
            );
        }
        Some((fewest, most)) if most < fewest => {
            let help = format!("write `{most}..{fewest}`");
            reader.fault(&rule::INVALID_RANGE, node.span, format!("{most} is below {fewest}"), help);
        }
        Some(_) => {}
    }
    ends
}

fn help_range(text: &str) -> String {
    match counted(text) {
        Some(number) => format!("write `{number}..MOST`; a fixed number stands in `replicas` beside `scale`"),
        None => "write `2..6`".to_owned(),
    }
}

const TAKES: &[(&str, bool)] = &[("max", false), ("min", true)];

fn rules(reader: &mut Reader<'_>, node: &Node) -> Option<ScaleRules> {
    reader.fields(node, "rules of a scale", |fields| ScaleRules {
        stabilize: fields.read("stabilize", Reader::seconds),
        by: fields
            .read("by", |reader, node| reader.list(node, "a list of steps, as `[100% per 15s]`", step))
            .unwrap_or_default(),
        take_smallest: fields
            .read("take", |reader, node| reader.word(node, "a choice of steps", TAKES))
            .unwrap_or_default(),
    })
}

/// `100% per 15s`, `2 pods per 15s`
fn step(reader: &mut Reader<'_>, node: &Node) -> Option<ScaleStep> {
    let text = &reader.scalar(node, "a step, as `100% per 15s`")?;
    let step = text.split_once(" per ").and_then(|(amount, period)| {
        let (amount, percent) = match amount.strip_suffix('%') {
            Some(percent) => (percent, true),
            None => (amount.strip_suffix(" pods").or_else(|| amount.strip_suffix(" pod"))?, false),
        };
        Some(ScaleStep { amount: counted(amount)?, percent, period: duration(period)? })
    });
    if step.is_none() {
        let help = "write `100% per 15s`, or `2 pods per 15s`".to_owned();
        reader.fault(&rule::INVALID_NUMBER, node.span, format!("`{text}` is no step"), help);
    }
    step
}
