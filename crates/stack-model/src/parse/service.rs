use stack_krm::yaml::Node;
use stack_source::Span;

use super::build::build;
use super::component::{component, options, takes_user};
use super::expose::expose;
use super::port::ports;
use super::probe::probes;
use super::relation::uses;
use super::scale::{resources, scale};
use super::secret::keys;
use super::volume::{claim, files, volumes};
use super::{Fields, Reader, rule};
use crate::{Known, Service, User, Workload};

const WORKLOADS: &[(&str, Workload)] = &[("Deployment", Workload::Deployment), ("StatefulSet", Workload::StatefulSet)];

/// A service of a stack; `key` is the place of its name.
pub(super) fn declared(reader: &mut Reader<'_>, key: Span, node: &Node) -> Option<Service> {
    let service = reader.fields(node, "a service", |fields| {
        let mut component = fields.read("component", component);
        if component.is_none() && fields.has("component") {
            fields.allow_any();
        }
        let service = body(fields, key, &mut component);
        Service { component, ..service }
    })?;
    if let Some(build) = &service.build
        && build.context.is_none()
        && let Some(node) = node.get("build").filter(|node| node.as_mapping().is_some())
    {
        let help = "add `context: FOLDER`, a folder of the package".to_owned();
        reader.fault(&rule::MISSING_KEY, node.span, "a build has no `context`", help);
    }
    Some(service)
}

/// What an overlay says of a service of this component, in the stack's own vocabulary; `key` is the place of its name.
pub fn partial(reader: &mut Reader<'_>, key: Span, node: &Node, of: Option<&Known>) -> Option<Service> {
    reader.fields(node, "a service", |fields| {
        let unset = of.and_then(|known| Known::named(known.name()));
        let mut component = unset.clone();
        let service = body(fields, key, &mut component);
        Service { component: component.filter(|options| Some(options) != unset.as_ref()), ..service }
    })
}

fn body(fields: &mut Fields<'_, '_, '_>, key: Span, component: &mut Option<Known>) -> Service {
    if let Some(component) = component {
        options(fields, component);
    }
    let exposure = fields.read("expose", expose).unwrap_or_default();
    let headless = fields.read("headless", Reader::flag);
    Service {
        component: None,
        image: fields.read("image", Reader::template),
        build: fields.read("build", build),
        workload: fields.read("workload", |reader, node| reader.word(node, "a kind of workload", WORKLOADS)),
        command: fields.read("command", Reader::templates),
        args: fields.read("args", Reader::templates),
        ports: fields.read("ports", ports).unwrap_or_default(),
        env: fields.read("env", Reader::template_map).unwrap_or_default(),
        uses: fields.read("uses", uses).unwrap_or_default(),
        after: fields.read("after", Reader::texts).unwrap_or_default(),
        provides: fields.read("provides", Reader::template_map).unwrap_or_default(),
        binds: Vec::new(),
        volumes: fields.read("volumes", volumes).unwrap_or_default(),
        data: fields.read("data", Reader::text),
        storage: fields.read("storage", claim),
        files: fields.read("files", files).unwrap_or_default(),
        secret: fields.read("secret", Reader::text),
        secrets: fields.read("secrets", keys).unwrap_or_default(),
        probes: fields.read("probes", probes),
        resources: fields.read("resources", resources),
        replicas: fields.read("replicas", Reader::count),
        scale: fields.read("scale", scale),
        singleton: fields.read("singleton", Reader::text),
        user: user(fields, component.as_ref()),
        writable: fields.read("writable", Reader::text),
        grace: fields.read("grace", Reader::seconds),
        headless: headless.or(exposure.headless.then_some(true)),
        expose: exposure.edges,
        labels: fields.read("labels", Reader::template_map).unwrap_or_default(),
        at: fields.reader.at(key),
    }
}

/// `1000`, or `999:1000` for user and group.
fn user(fields: &mut Fields<'_, '_, '_>, component: Option<&Known>) -> Option<User> {
    let entry = fields.entry("user")?;
    if takes_user(component, &entry.value) {
        return None;
    }
    let text = fields.reader.scalar(&entry.value, "a user's number")?;
    let (uid, gid) = text.split_once(':').unwrap_or((text, text));
    let number = |text: &str| super::value::whole(text).map(i64::from);
    let user = number(uid).zip(number(gid)).map(|(uid, gid)| User { uid, gid });
    if user.is_none() {
        let help = "write `1000`, or `999:1000` for user and group".to_owned();
        let message = format!("`{text}` is no number of a user");
        fields.reader.fault(&rule::INVALID_NUMBER, entry.value.span, message, help);
    }
    user
}
