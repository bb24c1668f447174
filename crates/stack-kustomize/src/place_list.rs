//! Where objects stand.

/// Places in their order, each once. Nearly always there is one, which needs no allocation.
#[derive(Debug)]
pub(crate) enum PlaceList {
    One(usize),
    Several(Vec<usize>),
}

impl PlaceList {
    pub(crate) fn as_slice(&self) -> &[usize] {
        match self {
            Self::One(place) => std::slice::from_ref(place),
            Self::Several(places) => places,
        }
    }

    pub(crate) fn add(&mut self, place: usize) {
        match self {
            Self::One(only) if *only == place => {}
            Self::One(only) => *self = Self::Several(vec![place.min(*only), place.max(*only)]),
            Self::Several(places) => {
                if let Err(gap) = places.binary_search(&place) {
                    places.insert(gap, place);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PlaceList;

    #[test]
    fn places_are_kept_in_order_and_once() {
        let mut places = PlaceList::One(3);
        for place in [3, 5, 1, 5, 4, 1] {
            places.add(place);
        }
        assert_eq!(places.as_slice(), [1, 3, 4, 5]);
    }
}
