//! From a checked stack to Kubernetes objects.
//!
//! References end here: every host, Secret and claim is written under its final name, once, by [`Names`]. Nothing is chosen any
//! more; what to choose was chosen by `check`.

mod config;
mod exposure;
mod ingress_route;
mod init;
mod names;
mod network;
mod object;
mod pod;
mod probe;
mod scaling;
mod storage;
mod workload;

use std::collections::BTreeMap;

use stack_krm::yaml::Node;
use stack_krm::{ConfigKey, Resource, ResourceSet};
use stack_source::Locus;

use crate::{CheckedStack, ServiceId};
use names::Names;

pub(crate) use config::endpoints_name;
pub(crate) use ingress_route::route_names;
pub(crate) use init::OWNING;
pub use names::SERVICE_LABEL;
pub(crate) use names::{host_variable, is_own_label, part_variable, pod_domain_variable, secret_variable};
pub(crate) use network::default_policy_name;
pub(crate) use pod::WAITING;

/// A Kubernetes object, whose it is, and how an emitted tree makes it.
#[derive(Clone, Debug)]
pub struct Object {
    /// The service that it belongs to; none for what belongs to the whole stack.
    pub service: Option<ServiceId>,
    /// The object.
    pub node: Node,
    /// How an emitted tree makes it.
    pub made: Made,
}

/// How an emitted tree makes an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is written out.
    Written,
    /// A configMapGenerator makes it of the files of a folder of the package.
    OfFolder {
        /// The folder.
        folder: String,
        /// What the file of each key is called there.
        originals: BTreeMap<ConfigKey, String>,
    },
    /// A configMapGenerator makes it of texts that the model wrote.
    OfTexts,
    /// A configMapGenerator makes it of plain variables.
    OfVariables,
    /// A secretGenerator makes it of literals.
    OfLiterals,
}

/// Under which names objects are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// As they stand in a base: without prefix, suffix, namespace and hash.
    Plain,
    /// As a cluster gets them.
    Final,
}

impl CheckedStack {
    /// The objects that a cluster gets, in the order of the services.
    ///
    /// ```
    /// use stack_model::{Service, Stack};
    ///
    /// let mut stack = Stack::new("hello");
    /// stack.environment.prefix = "dev-".to_owned();
    /// stack.add("web", Service::image("nginxinc/nginx-unprivileged:1.29.3-alpine").port("http", 8080).user(101));
    /// let objects = stack.check().unwrap().lower();
    /// assert!(objects.named("Deployment", "dev-web").next().is_some());
    /// ```
    pub fn lower(&self) -> ResourceSet {
        let objects = self.objects(Naming::Final);
        let mut resources = ResourceSet::new();
        for object in objects {
            // Every object has a kind and a name, and no two have the same: `check` made sure of the names.
            if let Ok(resource) = Resource::new(object.node, Locus::Derived) {
                let _ = resources.insert(resource);
            }
        }
        resources
    }

    /// The same objects, each with the service that it belongs to and the way in which an emitted tree makes it.
    pub fn objects(&self, naming: Naming) -> Vec<Object> {
        let names = Names::of(self, naming);
        let clients = network::clients(self);
        let mut objects = Vec::new();
        config::secrets(self, &names, &mut objects);
        config::variables(self, &names, &mut objects);
        for plan in self.plans() {
            let mut own = object::Writer::new(self, plan, &names);
            own.service_account();
            own.config();
            own.storage();
            own.workload();
            own.kubernetes_service();
            if ingress_route::is_routed(plan, &self.stack().cluster) {
                own.ingress_route();
            } else {
                own.ingress();
            }
            own.scaling();
            own.network_policy(clients.get(&plan.id).map_or(&[], Vec::as_slice));
            objects.append(&mut own.objects);
        }
        network::default_policy(self, &names, &mut objects);
        objects
    }
}
