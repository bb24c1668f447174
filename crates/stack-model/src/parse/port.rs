use indexmap::IndexMap;
use stack_krm::yaml::Node;

use super::Reader;
use super::relation::protocol;
use crate::{Port, PortNumber, Protocol};

/// Ports by name.
pub(super) fn ports(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<String, Port>> {
    reader.map(node, "a map of ports, as `{http: 8080}`", |reader, key, node| numbers(reader, key.as_str(), node))
}

/// `8080`, `80:8080`, `8080/http`, `80:8080/http`; without a protocol, the port's name says it where it can.
pub(super) fn numbers(reader: &mut Reader<'_>, name: &str, node: &Node) -> Option<Port> {
    let text = &reader.scalar(node, "a port, as `8080` or `80:8080/http`")?;
    let text: &str = text;
    let (numbers, spoken) = text.split_once('/').map_or((text, None), |(numbers, spoken)| (numbers, Some(spoken)));
    let spoken = match spoken {
        Some(spoken) => protocol(reader, node, spoken),
        None => Some(Protocol::named(name).unwrap_or(Protocol::Tcp)),
    };
    let (service, container) = numbers.split_once(':').unwrap_or((numbers, numbers));
    let (service, container) = (number(reader, node, service), number(reader, node, container));
    Some(Port { service: service?, container: container?, protocol: spoken?, chart: None, at: reader.at(node.span) })
}

/// A port number that is a part of a scalar's text.
fn number(reader: &mut Reader<'_>, node: &Node, text: &str) -> Option<u16> {
    let number = super::value::whole(text).and_then(|number| PortNumber::new(number.into()));
    if number.is_none() {
        let help = "ports are 1 to 65535; write `8080`, or `80:8080` for another one outside".to_owned();
        reader.fault(&crate::rule::INVALID_PORT, node.span, format!("`{text}` is no port"), help);
    }
    number.map(PortNumber::get)
}

impl Reader<'_> {
    /// A port number alone.
    pub fn port_number(&mut self, node: &Node) -> Option<u16> {
        let text = &self.scalar(node, "a port number")?;
        number(self, node, text)
    }
}
