//! What the figures are meant to be, and what they are.

use std::time::Duration;

use super::{Patches, Row, name};

/// How many times faster than kubectl a build with named patches is.
const FASTER: [(usize, f64); 2] = [(2001, 100.0), (5001, 500.0)];

/// How much longer than the floor a build with named patches takes.
const OF_FLOOR: ([usize; 3], f64) = ([102, 501, 2001], 2.0);

/// By which power of the number of resources the work grows.
const GROWTH: (f64, [Patches; 2]) = (1.1, [Patches::Named, Patches::Targeted]);

/// One time as a multiple of another.
pub(super) fn times(of: Duration, unit: Duration) -> f64 {
    of.as_secs_f64() / unit.as_secs_f64()
}

/// Prints each goal, what was reached, and whether that is enough.
pub(super) fn print(rows: &[Row]) {
    println!("\n{:<80} {:>9} {:>9}", "", "goal", "result");
    let named =
        |resources| rows.iter().find(move |row| row.size.resources == resources && row.size.patches == Patches::Named);
    for (resources, goal) in FASTER {
        let faster = named(resources).and_then(|row| row.theirs.map(|theirs| times(theirs.time, row.ours.time)));
        let is_met = faster.is_some_and(|faster| faster >= goal);
        line(&format!("times faster than kubectl, {resources} resources"), &format!(">= {goal:.0}"), faster, 0, is_met);
    }
    let memory = rows.iter().filter_map(|row| row.theirs.map(|theirs| share(row.ours.memory, theirs.memory)));
    let memory = memory.reduce(f64::max);
    line("of kubectl's peak memory, the most at any size", "< 1", memory, 2, memory.is_some_and(|share| share < 1.0));
    let (sizes, goal) = OF_FLOOR;
    for resources in sizes {
        let of_floor = named(resources).map(|row| times(row.inside, row.floor));
        let is_met = of_floor.is_some_and(|of_floor| of_floor <= goal);
        line(&format!("times the floor, {resources} resources"), &format!("<= {goal:.1}"), of_floor, 2, is_met);
    }
    let (goal, kinds) = GROWTH;
    for patches in kinds {
        let last: Vec<&Row> = rows.iter().rev().filter(|row| row.size.patches == patches).take(2).collect();
        if let [large, small] = last.as_slice() {
            let exponent = exponent(small, large);
            let (few, many, name) = (small.size.resources, large.size.resources, name(patches));
            let what = format!("exponent of growth of the work from {few} to {many} resources, {name} patches");
            line(&what, &format!("<= {goal:.1}"), Some(exponent), 2, exponent <= goal);
        }
    }
}

fn line(what: &str, goal: &str, result: Option<f64>, decimals: usize, is_met: bool) {
    let shown = result.map_or_else(|| "-".to_owned(), |result| format!("{result:.decimals$}"));
    let verdict = match result {
        None => "not measured",
        Some(_) if is_met => "met",
        Some(_) => "missed",
    };
    println!("{what:<80} {goal:>9} {shown:>9}  {verdict}");
}

#[expect(clippy::cast_precision_loss, reason = "numbers of bytes are small")]
fn share(of: u64, whole: u64) -> f64 {
    of as f64 / whole as f64
}

#[expect(clippy::cast_precision_loss, reason = "numbers of resources are small")]
fn exponent(small: &Row, large: &Row) -> f64 {
    times(large.ours.worked, small.ours.worked).ln() / (large.size.resources as f64 / small.size.resources as f64).ln()
}
