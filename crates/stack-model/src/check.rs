//! From what was said to what is decided, with all faults at once.

mod amount;
mod beyond;
mod edge;
mod exposed;
mod external;
mod file;
mod forward;
mod image;
mod init;
mod literal_host;
mod literal_secret;
mod mount;
mod name;
mod order;
mod outside;
mod plan;
mod probe;
mod provider;
mod reference;
mod secret;
mod size;
mod substitution;
mod taken;
mod text;
mod url_secret;
mod workload;

use std::borrow::Cow;

use indexmap::IndexMap;
use stack_krm::DnsSubdomain;
use stack_source::{Diagnostic, FileTree, Locus, Report, Rule};

use crate::component::Route;
use crate::facts;
use crate::plan::Plan;
use crate::{Known, Secret, Service, ServiceId, Stack};

pub use secret::{PlannedSecret, SecretValues};

/// A stack without faults, of which everything is decided. Only this can be lowered.
#[derive(Clone, Debug)]
pub struct CheckedStack {
    stack: Stack,
    plans: Vec<Plan>,
    secrets: Vec<PlannedSecret>,
    warnings: Report,
}

impl Stack {
    /// Finds all faults at once, without looking for build contexts; files that a container is given must be in a package.
    pub fn check(&self) -> Result<CheckedStack, Report> {
        self.check_against(None)
    }

    /// Finds all faults at once; `package` holds the build contexts and files that the stack names.
    pub fn check_in(&self, package: &FileTree) -> Result<CheckedStack, Report> {
        self.check_against(Some(package))
    }

    fn check_against(&self, package: Option<&FileTree>) -> Result<CheckedStack, Report> {
        let mut faults = Faults { report: self.faults.iter().cloned().collect() };
        let services: Services = self.present().map(|(id, service)| (id.clone(), laid(self, id, service))).collect();
        beyond::check(self, &mut faults);
        external::check(self, &mut faults);
        literal_secret::externals(self, &mut faults);
        name::check(self, &services, &mut faults);
        let with_facts = services.iter().map(|(name, service)| (name.name(), Cow::Borrowed(service.as_ref())));
        let keys = facts::secret_keys(self, with_facts);
        let secrets = secret::plan(self, &keys, &mut faults);
        let mut plans = Vec::new();
        for (id, service) in services.iter().filter(|(_, service)| !beyond::is_beyond(service)) {
            plans.extend(plan::plan(
                &Subject { stack: self, services: &services, secrets: &keys, package, id, name: id.as_str(), service },
                &mut faults,
            ));
        }
        let jobs: Vec<Plan> = plans.iter().flat_map(init::jobs).collect();
        plans.extend(jobs);
        forward::check(self, &services, &mut faults);
        outside::check(&plans, &secrets, &mut faults);
        order::plan(self, &services, &mut plans, &mut faults);
        taken::check(self, &services, &plans, &mut faults);
        taken::variables(&services, &plans, &mut faults);
        size::check(self, &services, &plans, &secrets, &mut faults);
        url_secret::check(self, &plans, &secrets, &mut faults);
        taken::carriers(&services, &keys, &plans, &mut faults);
        if faults.report.has_errors() {
            return Err(faults.report);
        }
        Ok(CheckedStack { stack: self.clone(), plans, secrets, warnings: faults.report })
    }
}

impl CheckedStack {
    /// What was checked.
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// Its services, in the author's order.
    pub fn plans(&self) -> &[Plan] {
        &self.plans
    }

    /// Its Secrets, and who gives them their values.
    pub fn secrets(&self) -> &[PlannedSecret] {
        &self.secrets
    }

    /// What is worth saying though it stops nothing.
    pub fn warnings(&self) -> &Report {
        &self.warnings
    }
}

/// A service on the facts of its component. A gateway has no routes to services that the stack has not.
fn laid<'a>(stack: &Stack, id: &ServiceId, service: &'a Service) -> Cow<'a, Service> {
    let Some(Known::Nginx(nginx)) = &service.component else { return service.laid_on_facts() };
    let leads = |route: &Route| match route {
        Route::Proxy { relation, .. } => !edge::is_absent(relation, id, stack),
        Route::Files { .. } => true,
    };
    if nginx.routes.values().all(leads) {
        return service.laid_on_facts();
    }
    let mut nginx = nginx.clone();
    nginx.routes.retain(|_, route| leads(route));
    let service = Service { component: Some(Known::Nginx(nginx)), ..service.clone() };
    Cow::Owned(service.with_facts())
}

/// Services with their facts, copied only where there are some.
type Services<'a> = IndexMap<ServiceId, Cow<'a, Service>>;

/// All Secrets and their keys, those of components too.
type Secrets = IndexMap<DnsSubdomain, Secret>;

/// The service that is looked at, and all that it may lean on.
struct Subject<'a> {
    stack: &'a Stack,
    services: &'a Services<'a>,
    secrets: &'a Secrets,
    package: Option<&'a FileTree>,
    id: &'a ServiceId,
    /// The service as messages call it.
    name: &'a str,
    service: &'a Service,
}

/// Collects what is wrong.
struct Faults {
    report: Report,
}

impl Faults {
    fn add(&mut self, rule: &'static Rule, at: &Locus, message: String, help: Option<String>) {
        self.report.add(Diagnostic::new(rule, message).at(at.clone()).maybe_help(help));
    }
}
