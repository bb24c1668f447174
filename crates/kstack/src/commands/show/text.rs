//! Views as tables.

use stack_model::view::{Bounds, EndpointRow, Exposure, MatrixRow, Need, ServiceRow, Sum, Totals, Wave};

use crate::table::table;

pub(super) fn services(rows: &[ServiceRow]) -> String {
    let row = |row: &ServiceRow| {
        let replicas = range(row.replicas, row.most_replicas);
        let image = if row.built { format!("{} (built)", row.image) } else { row.image.clone() };
        [row.name.clone(), row.workload.to_owned(), replicas, row.ports.join(", "), image]
    };
    let rows: Vec<[String; 5]> = rows.iter().map(row).collect();
    table(["service", "workload", "pods", "ports", "image"], &rows)
}

pub(super) fn endpoints(rows: &[EndpointRow]) -> String {
    let row = |row: &EndpointRow| {
        let exposure: Vec<String> = row.exposure.iter().map(exposure).collect();
        [format!("{}.{}", row.service, row.port), row.address.clone(), row.protocol.to_owned(), exposure.join(" · ")]
    };
    let rows: Vec<[String; 4]> = rows.iter().map(row).collect();
    table(["endpoint", "address", "protocol", "reached"], &rows)
}

fn exposure(exposure: &Exposure) -> String {
    let by = |from: &Option<String>| from.as_ref().map(|from| format!(" by {from}")).unwrap_or_default();
    match exposure {
        Exposure::Cluster => "in the cluster".to_owned(),
        Exposure::Headless => "in the cluster, headless".to_owned(),
        Exposure::Ingress { url, from } => format!("{url}{}", by(from)),
        Exposure::LoadBalancer { address, from } => {
            let address = address.as_ref().map(|address| format!(" {address}")).unwrap_or_default();
            format!("load balancer{address}{}", by(from))
        }
        Exposure::NodePort { port, from } => {
            let port = port.map(|port| format!(" {port}")).unwrap_or_default();
            format!("node port{port}{}", by(from))
        }
        Exposure::Forward { local } => local.clone(),
    }
}

pub(super) fn matrix(rows: &[MatrixRow]) -> String {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let row = |row: &MatrixRow| {
        let to = row.via.map_or_else(|| row.to.clone(), |via| format!("{} via {via}", row.to));
        let port = row.port.map_or_else(|| "-".to_owned(), |port| port.to_string());
        let env = (!row.env.is_empty()).then(|| row.env.join(" "));
        let waits = row.waits.map(str::to_owned);
        [row.from.clone(), to, row.protocol.clone(), port, or_dash(row.purpose.clone()), or_dash(waits), or_dash(env)]
    };
    let rows: Vec<[String; 7]> = rows.iter().map(row).collect();
    table(["from", "to", "protocol", "port", "purpose", "waits", "variables"], &rows)
}

pub(super) fn waves(waves: &[Wave]) -> String {
    let line = |wave: &Wave| {
        let services = wave.services.iter().map(|start| {
            let after = if start.after.is_empty() { String::new() } else { format!(" ({})", start.after.join(", ")) };
            format!("{}{after}", start.service)
        });
        let latest = wave.services.iter().map(|start| start.ready_within).max().unwrap_or(0);
        (format!("wave {}", wave.number), services.collect::<Vec<_>>().join("  "), latest)
    };
    let lines: Vec<(String, String, u32)> = waves.iter().map(line).collect();
    let width = lines.iter().map(|(_, services, _)| services.chars().count()).max().unwrap_or(0);
    let padded = |(wave, services, latest): &(String, String, u32)| {
        let gap = " ".repeat(width - services.chars().count());
        format!("{wave}   {services}{gap}   ready within {latest} s\n")
    };
    lines.iter().map(padded).collect()
}

pub(super) fn totals(totals: &[Totals]) -> String {
    let tables: Vec<String> = totals.iter().map(one).collect();
    tables.join("\n")
}

fn one(totals: &Totals) -> String {
    let row = |name: &str, pods: Bounds<u32>, need: &Need| {
        [
            name.to_owned(),
            range(pods.fewest, pods.most),
            bounds(need.cpu_request, cores),
            bounds(need.cpu_limit, cores),
            bounds(need.memory_request, bytes),
            bounds(need.memory_limit, bytes),
            bounds(need.storage, bytes),
        ]
    };
    let mut rows: Vec<[String; 7]> =
        totals.services.iter().map(|service| row(&service.service, service.pods, &service.need)).collect();
    rows.push(row("total", totals.pods, &totals.total));
    let head = [&*totals.environment, "pods", "cpu request", "cpu limit", "memory request", "memory limit", "storage"];
    let mut text = table(head, &rows);
    for (what, services) in [("CPU", &totals.without_cpu_limit), ("memory", &totals.without_memory_limit)] {
        if !services.is_empty() {
            text.push_str(&format!("no {what} limit: {}; the total may be exceeded\n", services.join(", ")));
        }
    }
    text
}

fn bounds(bounds: Bounds<Sum>, text: fn(Sum) -> String) -> String {
    let text = |amount: Sum| if amount.0.is_zero() { "-".to_owned() } else { text(amount) };
    let (fewest, most) = (text(bounds.fewest), text(bounds.most));
    if fewest == most { fewest } else { format!("{fewest}..{most}") }
}

/// `1.7` for 1700m: sums are easier to compare than to add.
fn cores(amount: Sum) -> String {
    let thousandths = amount.0.thousandths();
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `3.5Gi` for 3584Mi, where that is exact.
fn bytes(amount: Sum) -> String {
    const QUARTER: i128 = 1000 << 28;
    let thousandths = amount.0.thousandths();
    if thousandths < 4 * QUARTER || thousandths % QUARTER != 0 {
        return amount.0.to_string();
    }
    let (whole, quarters) = (thousandths / (4 * QUARTER), thousandths / QUARTER % 4);
    let fraction = ["", ".25", ".5", ".75"][usize::try_from(quarters).unwrap_or(0)];
    format!("{whole}{fraction}Gi")
}

fn range(fewest: u32, most: u32) -> String {
    if fewest == most { fewest.to_string() } else { format!("{fewest}..{most}") }
}
