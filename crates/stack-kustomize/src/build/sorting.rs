//! `sortOptions`: the order of the objects.

use std::collections::BTreeSet;

use stack_krm::{Order, Resource, ResourceSet};
use stack_source::{Diagnostic, Locus};

use super::{BuildOptions, DefaultOrder};
use crate::error::Result;
use crate::kustomization::{File, SortOptions, Step};
use crate::layer::Session;
use crate::merge::Schema;
use crate::near::near;
use crate::rules::INVALID_KUSTOMIZATION;

const FIELD: &str = "sortOptions";

/// How many of the kinds that no object has are compared with those that are there: who orders a few misspells no more.
const MOST: usize = 64;

/// The order that is asked for; nothing for the order of loading.
pub(super) fn order(file: &File, options: &BuildOptions) -> Result<Option<Order>> {
    match (&file.kustomization.sort_options, options.order.unwrap_or_default()) {
        (Some(asked), _) => asked_for(asked, &file.at(&[Step::Key(FIELD)])),
        (None, DefaultOrder::Legacy) => Ok(Some(Order::legacy())),
        (None, DefaultOrder::Fifo) => Ok(None),
    }
}

fn asked_for(options: &SortOptions, at: &Locus) -> Result<Option<Order>> {
    let refuse = |message: String, help: &str| {
        Err(Diagnostic::new(&INVALID_KUSTOMIZATION, message).at(at.clone()).help(help).into())
    };
    match (options.order.as_str(), &options.legacy_sort_options) {
        ("fifo", None) => Ok(None),
        ("fifo", Some(_)) => refuse("`fifo` has no options".to_owned(), "take `legacySortOptions` out"),
        ("legacy", None) => Ok(Some(Order::legacy())),
        ("legacy", Some(kinds)) => Ok(Some(Order { first: kinds.order_first.clone(), last: kinds.order_last.clone() })),
        (other, _) => refuse(format!("`{other}` is no order"), "write `legacy` or `fifo`"),
    }
}

/// Says which wishes for an order have no effect.
pub(super) fn warn(resources: &ResourceSet, file: &File, options: &BuildOptions, session: &mut Session) {
    match &file.kustomization.sort_options {
        Some(asked) => {
            if options.order.is_some() {
                let message = "`--reorder` has no effect: the kustomization says the order itself";
                let help = "leave the flag out, or take `sortOptions` out";
                session.no_effect(message, &file.at(&[Step::Key(FIELD)]), help);
            }
            warn_of_kinds(resources, asked, file, session);
        }
        None => warn_of_inner(options, session),
    }
}

/// Only the kustomization that is built gives the order. Who writes down in a base what comes about anyway loses nothing.
fn warn_of_inner(options: &BuildOptions, session: &mut Session) {
    let files: Vec<_> = session.kustomizations.values().cloned().collect();
    for file in files.iter().filter(|file| file.kustomization.sort_options.is_some()) {
        let is_same = match (order(file, options), options.order.unwrap_or_default()) {
            (Ok(None), DefaultOrder::Fifo) => true,
            (Ok(Some(order)), DefaultOrder::Legacy) => order == Order::legacy(),
            _ => false,
        };
        if !is_same {
            let message = "kustomize reads `sortOptions` only in the kustomization that is built, and this one is listed by another";
            session.no_effect(message, &file.at(&[Step::Key(FIELD)]), "write it into the kustomization that is built");
        }
    }
}

/// Kinds are listed before there are such objects; one that has nearly the name of another, which is there and not listed, is
/// misspelt.
fn warn_of_kinds(resources: &ResourceSet, asked: &SortOptions, file: &File, session: &mut Session) {
    let Some(asked) = &asked.legacy_sort_options else { return };
    let lists = [("orderFirst", &asked.order_first), ("orderLast", &asked.order_last)];
    let ids: Vec<_> = resources.iter().map(Resource::id).collect();
    let kinds: BTreeSet<&str> = ids.iter().map(|id| id.gvk.kind.as_str()).collect();
    let listed: BTreeSet<&str> = lists.iter().flat_map(|(_, list)| list.iter().map(String::as_str)).collect();
    let unlisted: Vec<&str> = kinds.difference(&listed).copied().collect();
    let words = lists.iter().flat_map(|(field, list)| list.iter().enumerate().map(move |word| (*field, word)));
    let absent = |kind: &str| !kinds.contains(kind) && !Schema::is_kind_built_in(kind);
    for (field, (index, kind)) in words.filter(|(_, (_, kind))| absent(kind)).take(MOST) {
        if let Some(near) = near(kind, unlisted.iter().copied()) {
            let steps = [FIELD, "legacySortOptions", field].map(Step::Key);
            let at = file.at(&[&steps[..], &[Step::Index(index)]].concat());
            session.no_effect(format!("no object has the kind `{kind}`"), &at, &format!("did you mean `{near}`?"));
        }
    }
}
