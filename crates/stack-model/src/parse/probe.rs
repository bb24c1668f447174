use stack_krm::yaml::Node;

use super::{Fields, Reader};
use crate::{Probe, ProbeCheck, Probes};

/// `/health`, or a map of what is asked and of the three probes.
pub(super) fn probes(reader: &mut Reader<'_>, node: &Node) -> Option<Probes> {
    if node.as_scalar().is_some() && !node.is_null() {
        return Some(Probes { check: Some(path(reader, node)?), ..Probes::default() });
    }
    reader.fields(node, "probes", |fields| Probes {
        check: check(fields),
        live: fields.read("live", probe),
        ready: fields.read("ready", probe),
        start: fields.read("start", probe),
    })
}

/// `/health`, or a map of what is asked and how often.
fn probe(reader: &mut Reader<'_>, node: &Node) -> Option<Probe> {
    if node.as_scalar().is_some() && !node.is_null() {
        return Some(Probe { check: Some(path(reader, node)?), ..Probe::default() });
    }
    reader.fields(node, "a probe", |fields| Probe {
        check: check(fields),
        delay: fields.read("delay", Reader::seconds),
        every: fields.read("every", Reader::seconds),
        timeout: fields.read("timeout", Reader::seconds),
        failures: fields.read("failures", Reader::count),
    })
}

fn path(reader: &mut Reader<'_>, node: &Node) -> Option<ProbeCheck> {
    Some(ProbeCheck::Http { path: reader.text(node)?, port: None })
}

fn check(fields: &mut Fields<'_, '_, '_>) -> Option<ProbeCheck> {
    fields.refuse_several(&["path", "tcp", "exec"]);
    fields.refuse_several(&["port", "tcp", "exec"]);
    let path = fields.read("path", Reader::text);
    let port = fields.read("port", Reader::text);
    let tcp = fields.read("tcp", Reader::text);
    let exec = fields.read("exec", Reader::templates);
    if port.is_some() && path.is_none() && !fields.has("path") {
        fields.missing("path", "add `path: /…`, or write `tcp: PORT` for a connection alone".to_owned());
    }
    path.map(|path| ProbeCheck::Http { path, port })
        .or(tcp.map(|port| ProbeCheck::Tcp { port: Some(port) }))
        .or(exec.map(ProbeCheck::Exec))
}
