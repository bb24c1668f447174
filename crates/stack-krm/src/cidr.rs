//! Ranges of addresses.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A text is no range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no range of addresses (CIDR)")]
pub struct InvalidCidr {
    text: String,
    meant: Option<Cidr>,
}

impl InvalidCidr {
    /// The range that was most likely meant: of an address alone, that address; of one within a range, the range.
    pub fn meant(&self) -> Option<Cidr> {
        self.meant
    }
}

/// A range of IP addresses that begin alike: `10.0.0.0/8`, `fc00::/7`. No bit is set behind the common ones.
///
/// ```
/// use stack_krm::Cidr;
///
/// assert!("10.0.0.0/8".parse::<Cidr>().is_ok());
/// let error = "10.1.2.3/8".parse::<Cidr>().unwrap_err();
/// assert_eq!(error.meant().unwrap().to_string(), "10.0.0.0/8");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    first: IpAddr,
    common: u8,
}

impl Cidr {
    /// The range of this address alone.
    pub fn of(address: IpAddr) -> Self {
        Self { first: address, common: bits(address) }
    }

    /// The range around an address in which the first `common` bits are the same.
    fn around(address: IpAddr, common: u8) -> Option<Self> {
        let behind = bits(address).checked_sub(common)?.into();
        let first = match address {
            IpAddr::V4(address) => {
                let kept = u32::MAX.checked_shl(behind).unwrap_or_default();
                IpAddr::V4((u32::from(address) & kept).into())
            }
            IpAddr::V6(address) => {
                let kept = u128::MAX.checked_shl(behind).unwrap_or_default();
                IpAddr::V6((u128::from(address) & kept).into())
            }
        };
        Some(Self { first, common })
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl FromStr for Cidr {
    type Err = InvalidCidr;

    fn from_str(text: &str) -> Result<Self, InvalidCidr> {
        let fault = |meant| InvalidCidr { text: text.to_owned(), meant };
        let Some((address, common)) = text.split_once('/') else {
            return Err(fault(text.parse().ok().map(Self::of)));
        };
        let address: IpAddr = address.parse().map_err(|_| fault(None))?;
        let plain = common.bytes().all(|byte| byte.is_ascii_digit()) && (common == "0" || !common.starts_with('0'));
        let range = common.parse().ok().filter(|_| plain).and_then(|common| Self::around(address, common));
        range.filter(|range| range.first == address).ok_or_else(|| fault(range))
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.common)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cidr, InvalidCidr};

    #[test]
    fn ranges_have_an_address_and_the_bits_that_are_common() {
        for text in ["0.0.0.0/0", "10.0.0.0/8", "192.168.1.10/32", "::/0", "fc00::/7", "2001:db8::1/128"] {
            assert_eq!(text.parse::<Cidr>().map(|range| range.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/+8", "10.0.0.0/08", "a/8"] {
            assert!(text.parse::<Cidr>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_refusal_knows_what_was_meant() {
        let meant =
            |text: &str| text.parse::<Cidr>().err().as_ref().and_then(InvalidCidr::meant).map(|it| it.to_string());
        assert_eq!(meant("192.168.1.10").as_deref(), Some("192.168.1.10/32"));
        assert_eq!(meant("::1").as_deref(), Some("::1/128"));
        assert_eq!(meant("172.16.5.1/12").as_deref(), Some("172.16.0.0/12"));
        assert_eq!(meant("fd00::1/8").as_deref(), Some("fd00::/8"));
        assert_eq!(meant("office"), None);
    }
}
