use std::fmt;
use std::num::NonZeroU16;

use stack_source::Locus;

use crate::{ChartPort, Protocol};

/// A port number, 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortNumber(NonZeroU16);

impl PortNumber {
    /// The port of that number; none for 0 and beyond 65535.
    pub fn new(number: i64) -> Option<Self> {
        u16::try_from(number).ok().and_then(NonZeroU16::new).map(Self)
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0.get()
    }
}

impl fmt::Display for PortNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<PortNumber> for i32 {
    fn from(port: PortNumber) -> Self {
        port.get().into()
    }
}

/// A port of a service: what clients dial, what the container listens on, what is spoken. In YAML `80:8080/http`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The port of the Kubernetes Service.
    pub service: u16,
    /// The port of the container.
    pub container: u16,
    /// What is spoken there.
    pub protocol: Protocol,
    /// What a chart makes of it, where a chart makes the service.
    pub chart: Option<Box<ChartPort>>,
    /// Where it was written.
    pub at: Locus,
}

impl Port {
    /// The same number inside and outside.
    #[track_caller]
    pub fn new(number: u16, protocol: Protocol) -> Self {
        Self { service: number, container: number, protocol, chart: None, at: Locus::caller() }
    }

    /// The number that clients dial.
    pub(crate) fn dialled(&self, headless: bool) -> u16 {
        dialled(headless, self.service, self.container)
    }
}

/// What clients dial: behind a headless Kubernetes Service they reach the container itself.
pub(crate) fn dialled<T>(headless: bool, service: T, container: T) -> T {
    if headless { container } else { service }
}
