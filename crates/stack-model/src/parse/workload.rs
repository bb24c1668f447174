use stack_krm::yaml::Node;

use super::value::counted;
use super::{Reader, rule};
use crate::value::{SCHEDULE_HELP, is_schedule};
use crate::{Affinity, Names, Share, Spread, Update};

const SPREADS: &[(&str, Spread)] = &[("nodes", Spread::Preferred), ("nodes required", Spread::Required)];

const AFFINITIES: &[(&str, Affinity)] = &[("cookie", Affinity::Cookie)];

/// `recreate`, or `{surge: 1, unavailable: 25%}`.
pub(super) fn update(reader: &mut Reader<'_>, node: &Node) -> Option<Update> {
    if node.as_mapping().is_none() {
        return reader.word(node, "a kind of update", &[("recreate", Update::Recreate)]);
    }
    let zero = Some(Share::Pods(0));
    reader.fields(node, "an update", |fields| {
        let surge = fields.read("surge", share);
        let unavailable = fields.read("unavailable", share);
        if surge == zero && unavailable == zero {
            let help = "let one of them be 1".to_owned();
            let message = "with no pod more and none less than wanted, none can change";
            fields.reader.fault(&rule::INVALID_RANGE, node.span, message, help);
        }
        Update::Rolling { surge, unavailable }
    })
}

/// `2`, or `25%`.
fn share(reader: &mut Reader<'_>, node: &Node) -> Option<Share> {
    let text = &reader.scalar(node, "a number of pods, as `1` or `25%`")?;
    let share = match text.strip_suffix('%') {
        Some(percent) => counted(percent).map(Share::Percent),
        None => counted(text).map(Share::Pods),
    };
    if share.is_none() {
        let help = "write `1`, or `25%`".to_owned();
        reader.fault(&rule::INVALID_NUMBER, node.span, format!("`{text}` is no number of pods"), help);
    }
    share
}

pub(super) fn spread(reader: &mut Reader<'_>, node: &Node) -> Option<Spread> {
    reader.word(node, "a kind of spread", SPREADS)
}

pub(super) fn affinity(reader: &mut Reader<'_>, node: &Node) -> Option<Affinity> {
    reader.word(node, "a kind of affinity", AFFINITIES)
}

/// `{service: vespa-service, container: backend, autoscaler: backend-hpa}`
pub(super) fn names(reader: &mut Reader<'_>, node: &Node) -> Option<Names> {
    reader.fields(node, "names", |fields| Names {
        service: fields.read("service", Reader::name),
        container: fields.read("container", Reader::name),
        autoscaler: fields.read("autoscaler", Reader::name),
    })
}

/// `0 3 * * *`
pub(super) fn schedule(reader: &mut Reader<'_>, node: &Node) -> Option<String> {
    let text = reader.text(node)?;
    if !is_schedule(&text) {
        let message = format!("`{text}` is no schedule");
        reader.fault(&rule::INVALID_SCHEDULE, node.span, message, SCHEDULE_HELP.to_owned());
    }
    Some(text)
}

/// Whether the stack has a service: `true`, `false`, or a value, of which `false` and `null` say no.
pub(super) fn when(reader: &mut Reader<'_>, node: &Node) -> Option<bool> {
    match node.as_bool() {
        None if reader.foreign(node.span).is_some() => Some(true),
        _ => reader.flag(node),
    }
}

/// Steps by name.
pub(super) fn init(reader: &mut Reader<'_>, node: &Node) -> Option<indexmap::IndexMap<String, crate::InitStep>> {
    reader.map(node, "a map of steps, as `{migrate: {command: [./migrate]}}`", |reader, key, node| {
        let at = reader.at(key.span);
        reader.fields(node, "a step", |fields| crate::InitStep {
            command: fields.require("command", Reader::templates).unwrap_or_default(),
            done: fields.read("done", Reader::templates),
            env: fields.read("env", Reader::template_map).unwrap_or_default(),
            uses: fields.read("uses", super::relation::uses).unwrap_or_default(),
            at,
        })
    })
}
