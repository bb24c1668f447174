use stack_krm::Quantity;

/// What a container asks for and may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// CPU, in cores.
    pub cpu: Amount,
    /// Memory, in bytes.
    pub memory: Amount,
    /// Set by `limits: none`: no limit whatever the layers below say.
    pub unlimited: bool,
}

/// A request and a limit; what is not said is left to the layer below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// What the scheduler sets aside.
    pub request: Option<Quantity>,
    /// What may not be exceeded.
    pub limit: Option<Quantity>,
}

impl Amount {
    /// From a request to a limit.
    pub fn range(request: Quantity, limit: Quantity) -> Self {
        Self { request: Some(request), limit: Some(limit) }
    }

    fn merge(&mut self, over: Self) {
        self.request = over.request.or(self.request);
        self.limit = over.limit.or(self.limit);
    }
}

impl Resources {
    /// CPU and memory.
    pub fn new(cpu: Amount, memory: Amount) -> Self {
        Self { cpu, memory, unlimited: false }
    }

    pub(crate) fn merge(&mut self, over: &Self) {
        self.cpu.merge(over.cpu);
        self.memory.merge(over.memory);
        self.unlimited |= over.unlimited;
        if self.unlimited {
            self.cpu.limit = None;
            self.memory.limit = None;
        }
    }
}
