use super::reference;
use super::{Faults, Subject};
use crate::plan::{PlannedPort, PlannedProbe, PlannedProbes};
use crate::{Probe, ProbeCheck, rule};

pub(super) fn plan(subject: &Subject, ports: &[PlannedPort], faults: &mut Faults) -> PlannedProbes {
    let Some(probes) = &subject.service.probes else { return PlannedProbes::default() };
    let mut one = |probe: &Option<Probe>, always: bool| {
        let said = probe.clone().or_else(|| always.then(Probe::default))?;
        let check = said.check.clone().or_else(|| probes.check.clone())?;
        decide(subject, &said, check, ports, faults)
    };
    let shared = probes.check.is_some();
    PlannedProbes {
        live: one(&probes.live, shared),
        ready: one(&probes.ready, shared),
        start: one(&probes.start, shared),
    }
}

fn decide(
    subject: &Subject,
    probe: &Probe,
    check: ProbeCheck,
    ports: &[PlannedPort],
    faults: &mut Faults,
) -> Option<PlannedProbe> {
    let mut command = Vec::new();
    let check = match check {
        ProbeCheck::Exec(parts) => {
            for part in &parts {
                let help = "put it into a variable under `env`, and write `exec: [sh, -c, \"PROGRAM $VARIABLE\"]`";
                command.push(reference::text(part, subject, "a probe", help, faults)?);
            }
            ProbeCheck::Exec(parts)
        }
        ProbeCheck::Http { path, port } => ProbeCheck::Http { path, port: Some(named(subject, port, ports, faults)?) },
        ProbeCheck::Tcp { port } => ProbeCheck::Tcp { port: Some(named(subject, port, ports, faults)?) },
    };
    let Probe { delay, every, timeout, failures, .. } = *probe;
    Some(PlannedProbe { check, command, delay, every, timeout, failures })
}

fn named(subject: &Subject, port: Option<String>, ports: &[PlannedPort], faults: &mut Faults) -> Option<String> {
    let known = match &port {
        Some(name) => ports.iter().find(|port| port.name == name.as_str()),
        None => ports.first(),
    };
    if known.is_none() {
        let message = match port {
            Some(name) => format!("a probe of `{}` asks at port `{name}`, which it does not have", subject.name),
            None => format!("a probe of `{}` asks at a port, and it has none", subject.name),
        };
        let help = Some("name one of the service's ports, or add it under `ports`".to_owned());
        faults.add(&rule::PROBE_WITHOUT_PORT, subject.service.place("probes"), message, help);
    }
    known.map(|port| port.name.to_string())
}
