//! Amounts that Kubernetes takes and nobody means: half a byte of memory, 250 CPUs.

use stack_krm::Quantity;

use super::{Faults, Subject};
use crate::{VolumeSource, rule};

/// No container starts with less memory, and no file system fits into less storage.
const LEAST_BYTES: Quantity = Quantity::mi(1);
/// More CPUs than one node of today's clouds has.
const MOST_CPUS: Quantity = Quantity::whole(200);

pub(super) fn check(subject: &Subject, faults: &mut Faults) {
    let service = subject.service;
    let resources = service.resources.unwrap_or_default();
    for amount in [resources.memory.request, resources.memory.limit].into_iter().flatten() {
        bytes(subject, "memory", amount, faults);
    }
    let claims = service.volumes.values().filter_map(|volume| match &volume.source {
        VolumeSource::Claim(claim) => Some(claim),
        VolumeSource::Empty { .. } => None,
    });
    for claim in service.storage.iter().chain(claims) {
        bytes(subject, "storage", claim.size, faults);
    }
    for amount in [resources.cpu.request, resources.cpu.limit].into_iter().flatten() {
        if amount >= MOST_CPUS {
            let cpus = amount.thousandths() / 1000;
            let message = format!("`{}` speaks of {cpus} CPUs", subject.name);
            let help = format!("write `{cpus}m` for {cpus} thousandths of one");
            faults.add(&rule::IMPLAUSIBLE_AMOUNT, &service.at, message, Some(help));
        }
    }
}

fn bytes(subject: &Subject, what: &str, amount: Quantity, faults: &mut Faults) {
    if amount < LEAST_BYTES {
        let number: String = amount.to_string().chars().take_while(char::is_ascii_digit).collect();
        let message = format!("{what} of `{}` is {amount}, which are bytes, or thousandths of one", subject.name);
        let help = format!("write `{number}Mi` or `{number}Gi`");
        faults.add(&rule::IMPLAUSIBLE_AMOUNT, &subject.service.at, message, Some(help));
    }
}
