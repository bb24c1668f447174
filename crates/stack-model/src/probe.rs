use crate::Template;

/// How Kubernetes asks whether a container lives, is ready, has started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probes {
    /// What the three ask, where they do not say it themselves.
    pub check: Option<ProbeCheck>,
    /// Restarts the container when it fails: asks whether this process is stuck, never anything behind it.
    pub live: Option<Probe>,
    /// Takes the pod out of its Kubernetes Service while it fails.
    pub ready: Option<Probe>,
    /// Holds the other two back until it succeeds once.
    pub start: Option<Probe>,
}

/// One probe: what it asks, and how often. Times are in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probe {
    /// What it asks.
    pub check: Option<ProbeCheck>,
    /// Before the first try.
    pub delay: Option<u32>,
    /// Between tries.
    pub every: Option<u32>,
    /// For an answer.
    pub timeout: Option<u32>,
    /// How many failures in a row count.
    pub failures: Option<u32>,
}

/// What a probe asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeCheck {
    /// An HTTP GET answered with 200 to 399.
    Http {
        /// The path.
        path: String,
        /// The port's name; the service's first port where none is said.
        port: Option<String>,
    },
    /// A connection.
    Tcp {
        /// The port's name; the service's first port where none is said.
        port: Option<String>,
    },
    /// A command that ends with 0.
    Exec(Vec<Template>),
}

impl Probe {
    /// A probe of which nothing is said so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks this.
    #[must_use]
    pub fn check(mut self, check: ProbeCheck) -> Self {
        self.check = Some(check);
        self
    }

    /// Waits so many seconds before the first try.
    #[must_use]
    pub fn delay(mut self, seconds: u32) -> Self {
        self.delay = Some(seconds);
        self
    }

    /// Waits so many seconds between tries.
    #[must_use]
    pub fn every(mut self, seconds: u32) -> Self {
        self.every = Some(seconds);
        self
    }

    /// Waits so many seconds for an answer.
    #[must_use]
    pub fn timeout(mut self, seconds: u32) -> Self {
        self.timeout = Some(seconds);
        self
    }

    /// Counts after so many failures in a row.
    #[must_use]
    pub fn failures(mut self, failures: u32) -> Self {
        self.failures = Some(failures);
        self
    }

    fn merge(&mut self, over: &Self) {
        super::merge::replace(&mut self.check, over.check.as_ref());
        super::merge::replace(&mut self.delay, over.delay.as_ref());
        super::merge::replace(&mut self.every, over.every.as_ref());
        super::merge::replace(&mut self.timeout, over.timeout.as_ref());
        super::merge::replace(&mut self.failures, over.failures.as_ref());
    }
}

impl Probes {
    /// Probes of which nothing is said so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says how Kubernetes asks whether the container lives.
    #[must_use]
    pub fn live(mut self, probe: Probe) -> Self {
        self.live = Some(probe);
        self
    }

    /// Says how Kubernetes asks whether it is ready.
    #[must_use]
    pub fn ready(mut self, probe: Probe) -> Self {
        self.ready = Some(probe);
        self
    }

    /// Says how Kubernetes asks whether it has started.
    #[must_use]
    pub fn start(mut self, probe: Probe) -> Self {
        self.start = Some(probe);
        self
    }

    pub(crate) fn merge(&mut self, over: &Self) {
        if over.check.is_some() {
            self.check.clone_from(&over.check);
            for probe in [&mut self.live, &mut self.ready, &mut self.start].into_iter().flatten() {
                probe.check = None;
            }
        }
        for (probe, over) in
            [(&mut self.live, &over.live), (&mut self.ready, &over.ready), (&mut self.start, &over.start)]
        {
            if let Some(over) = over {
                probe.get_or_insert_default().merge(over);
            }
        }
    }
}
