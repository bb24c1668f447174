//! What a kind of workload takes, and what it does not.

use super::{Faults, Subject};
use crate::parse::rule::INVALID_SCHEDULE;
use crate::value::{SCHEDULE_HELP, is_schedule};
use crate::{Update, Workload, rule};

pub(super) fn check(subject: &Subject, exclusive: bool, faults: &mut Faults) {
    let service = subject.service;
    let workload = service.workload();
    let kind = workload.kind();
    if let Some(text) = service.schedule.as_deref().filter(|text| !is_schedule(text)) {
        let message = format!("`{text}` of `{}` is no schedule", subject.name);
        faults.add(&INVALID_SCHEDULE, service.place("schedule"), message, Some(SCHEDULE_HELP.to_owned()));
    }
    let mut refuse = |key: &str, what: &str, help: &str| {
        let message = format!("`{}` is a {kind}, which has no `{what}`", subject.name);
        faults.add(&rule::WRONG_WORKLOAD, service.place(key), message, Some(help.to_owned()));
    };
    match (&service.schedule, workload) {
        (Some(_), Workload::CronJob) | (None, _) => {}
        (Some(_), _) => refuse("schedule", "schedule", "take `workload` out: a schedule makes a CronJob"),
    }
    let rolls = matches!(workload, Workload::Deployment | Workload::DaemonSet);
    match service.update {
        Some(_) if !rolls => refuse("update", "update", "take `update` out"),
        Some(Update::Recreate) if workload == Workload::DaemonSet => {
            refuse("update", "update: recreate", "write `update: {unavailable: 1}`");
        }
        Some(Update::Rolling { .. }) if exclusive => {
            let message = format!("`{}` cannot have pods of two versions at once, and `update` lets it", subject.name);
            let help = "take `update` out: old pods are gone before new ones come".to_owned();
            faults.add(&rule::WRONG_WORKLOAD, service.place("update"), message, Some(help));
        }
        _ => {}
    }
    let mut refuse = |key: &str, what: &str, help: &str| {
        let message = format!("`{}` is a {kind}, which has no `{what}`", subject.name);
        faults.add(&rule::WRONG_WORKLOAD, service.place(key), message, Some(help.to_owned()));
    };
    if service.replicas.is_some() && !workload.has_replicas() {
        refuse("replicas", "replicas", "take `replicas` out");
    }
    if service.autoscaled().is_some() && !workload.has_replicas() {
        refuse("scale", "scale", "take `scale` out");
    }
    if workload == Workload::CronJob && service.schedule.is_none() {
        let message = format!("`{}` is a CronJob, and nothing says when it runs", subject.name);
        faults.add(
            &rule::WRONG_WORKLOAD,
            service.place("workload"),
            message,
            Some("write `schedule: \"0 3 * * *\"`".to_owned()),
        );
    }
    gpu(subject, faults);
}

/// An accelerator is named by its maker's device plugin.
fn gpu(subject: &Subject, faults: &mut Faults) {
    if subject.service.gpu.is_some_and(|count| count > 0) && subject.stack.cluster.gpu.is_none() {
        let environment = subject.stack.environment.called();
        let message =
            format!("`{}` needs an accelerator, and {environment} does not say whose its nodes have", subject.name);
        let help = subject.stack.edit("`cluster: {gpu: nvidia}`");
        faults.add(&rule::MISSING_GPU, subject.service.place("gpu"), message, Some(help));
    }
}
