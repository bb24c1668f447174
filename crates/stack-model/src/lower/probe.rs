use k8s_openapi::api::core::v1::{ExecAction, HTTPGetAction, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::ProbeCheck;
use crate::plan::PlannedProbe;

pub(super) fn probe(planned: Option<&PlannedProbe>) -> Option<Probe> {
    let planned = planned?;
    let port = |port: &Option<String>| IntOrString::String(port.clone().unwrap_or_default());
    let seconds = |seconds: Option<u32>| seconds.and_then(|seconds| i32::try_from(seconds).ok());
    let mut probe = Probe {
        initial_delay_seconds: seconds(planned.delay),
        period_seconds: seconds(planned.every),
        timeout_seconds: seconds(planned.timeout),
        failure_threshold: seconds(planned.failures),
        ..Probe::default()
    };
    match &planned.check {
        ProbeCheck::Exec(_) => probe.exec = Some(ExecAction { command: Some(planned.command.clone()) }),
        ProbeCheck::Tcp { port: at } => {
            probe.tcp_socket = Some(TCPSocketAction { port: port(at), ..TCPSocketAction::default() });
        }
        ProbeCheck::Http { path, port: at } => {
            probe.http_get =
                Some(HTTPGetAction { path: Some(path.clone()), port: port(at), ..HTTPGetAction::default() });
        }
    }
    Some(probe)
}
