use stack_krm::{DnsLabel, ImageRef, LabelKey, LabelValue, ServiceName};
use stack_source::{Diagnostic, Locus};

use super::{Faults, Services};
use crate::lower::is_own_label;
use crate::{Environment, Service, Stack, Workload, rule};

/// A StatefulSet's pods carry `<name>-<10 characters>` in a label, a CronJob's Jobs have the time at the end of their name, and what
/// a Job runs is a hash at the end of its: such names may have 52 characters.
const LONGEST_WITH_MORE: usize = 52;
const LONGEST: usize = 63;

pub(super) fn check(stack: &Stack, services: &Services, faults: &mut Faults) {
    let environment = &stack.environment;
    if let Err(error) = DnsLabel::new(&stack.name) {
        let help = "write it in lower case, with `-` between words".to_owned();
        faults.add(&rule::INVALID_NAME, &stack.at, format!("the stack's name {error}"), Some(help));
    }
    if let Some(version) = &stack.version
        && tag(version).is_none()
    {
        let message = format!("version `{version}` can be no tag of an image");
        let help = "use letters, digits, `_`, `.` and `-`: `1.0.0-beta`".to_owned();
        faults.add(&rule::INVALID_NAME, &stack.at, message, Some(help));
    }
    for (key, value) in &environment.labels {
        let of_key = LabelKey::new(key).err().map(|error| (error, "write `name`, or `example.com/name`".to_owned()));
        let nearest = || format!("write `{}`", LabelValue::nearest(value));
        let of_value = LabelValue::new(value).err().map(|error| (error, nearest()));
        for (error, help) in [of_key, of_value].into_iter().flatten() {
            faults.add(&rule::INVALID_NAME, environment.at.or(&stack.at), error.to_string(), Some(help));
        }
    }
    for key in environment.labels.keys().filter(|key| is_own_label(key)) {
        let message = format!("the environment sets label `{key}`, by which selectors and policies find pods");
        let help = Some("give the label another name".to_owned());
        faults.add(&rule::TAKEN_LABEL, environment.at.or(&stack.at), message, help);
    }
    for (name, external) in &stack.externals {
        if let Some(service) = services.get(name.as_str()) {
            let fault = Diagnostic::new(&rule::DUPLICATE_NAME, format!("`{name}` is an external and a service"))
                .at(external.at.clone())
                .related(service.at.clone(), "the service of this name")
                .help("give one of them another name");
            faults.report.add(fault);
        }
    }
    for (name, namespace) in &stack.namespaces {
        if let Err(error) = DnsLabel::new(name) {
            let help = "write it in lower case, with `-` between words".to_owned();
            faults.add(&rule::INVALID_NAME, &namespace.at, error.to_string(), Some(help));
        }
    }
    for (id, service) in services {
        // A namespace that nobody declared is a `/` in a name.
        let name = if id.namespace().is_some_and(|namespace| stack.namespaces.contains_key(namespace)) {
            id.name()
        } else {
            id.as_str()
        };
        let said = "the service's name";
        if checked(name, service.workload(), said, environment, &service.at, faults).is_some() {
            host(stack, service, name, faults);
        }
    }
}

/// A name for the objects of this kind of workload, with what stands before and after it; `said` is what can be shortened.
pub(super) fn checked(
    name: &str,
    workload: Workload,
    said: &str,
    environment: &Environment,
    at: &Locus,
    faults: &mut Faults,
) -> Option<ServiceName> {
    let valid = ServiceName::new(name);
    if let Err(error) = &valid {
        let too_long = name.len() > LONGEST;
        let help = if too_long {
            format!("shorten {said}")
        } else {
            "write it in lower case, with `-` between words".to_owned()
        };
        faults.add(&rule::INVALID_NAME, at, error.to_string(), Some(help));
        return None;
    }
    let whole = environment.final_name(name);
    let gets_more = matches!(workload, Workload::StatefulSet | Workload::CronJob | Workload::Job);
    let longest = if gets_more { LONGEST_WITH_MORE } else { LONGEST };
    if whole.len() > longest {
        let message = format!("`{whole}` has {} characters, and {longest} are allowed", whole.len());
        let help = format!("shorten {said}, or the environment's prefix and suffix");
        faults.add(&rule::NAME_TOO_LONG, at, message, Some(help));
    } else if let Err(error) = ServiceName::new(&whole) {
        faults.add(&rule::INVALID_NAME, at, format!("with prefix and suffix, {error}"), None);
    }
    valid.ok()
}

/// The names by which a service and its pods are found, where they are others.
fn host(stack: &Stack, service: &Service, name: &str, faults: &mut Faults) {
    let called = service.names.service.as_ref().map_or(name, |called| called.as_str());
    let (_, most) = service.replica_range();
    let several = most > 1 && service.workload() == Workload::StatefulSet && service.headless != Some(true);
    let whole = stack.environment.final_name(&if several { format!("{called}-headless") } else { called.to_owned() });
    if whole.len() > LONGEST && (several || called != name) {
        let message = format!("Kubernetes Service `{whole}` has {} characters, and {LONGEST} are allowed", whole.len());
        let help = "shorten the service's name, or the environment's prefix and suffix".to_owned();
        faults.add(&rule::NAME_TOO_LONG, &service.at, message, Some(help));
    }
}

/// The tag of built images of this version. A tag knows no `+`; Helm and OCI tools write `_` for it.
pub(super) fn tag(version: &str) -> Option<String> {
    let tag = version.replace('+', "_");
    format!("image:{tag}").parse::<ImageRef>().is_ok().then_some(tag)
}
