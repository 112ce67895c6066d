//! What has the office laid down in its pages? Tools, units, machines, wording.
//!
//! Nothing of it has a table of its own: it follows from the deeds in the chain, of which the last
//! about each thing counts. So nobody changes it unnoticed, and it can always be made anew. The
//! proxy works by it: whoever wrote a deed finds it changed when the deed is on disk.
//!
//! Read next: [`tool`](super::tool).

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::model::exchange::UnixMillis;

use super::deed::{DeedRecord, What};
use super::deeds_reader::StoredDeed;
use super::error::StoreError;
use super::reader::StoreReader;
use super::tool::Tool;

/// A workstation that somebody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Its name, as on its label.
    pub name: String,
    /// The unit that was chosen.
    pub unit: String,
    /// Who stands for it.
    pub standing: MachineStanding,
    /// The unit that holds until the administrator confirms: the one confirmed before, so that
    /// nobody escapes its rules by choosing again.
    pub unit_until_then: Option<String>,
    /// When that was recorded.
    pub at: UnixMillis,
}

/// Who stands for the unit of a workstation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineStanding {
    /// The clerk who chose it.
    Named,
    /// The administrator.
    Confirmed,
    /// The administrator did, but the address was not used for long since: it may be another
    /// machine's by now.
    Doubted,
}

impl Machine {
    /// The unit whose rules hold for it now.
    pub fn unit_in_force(&self) -> Option<&str> {
        match self.standing {
            MachineStanding::Confirmed => Some(&self.unit),
            MachineStanding::Named | MachineStanding::Doubted => self.unit_until_then.as_deref(),
        }
    }
}

/// The name of the fact with the unit that holds until the administrator confirms.
pub const UNTIL_THEN: &str = "until_then";

/// The deeds about tools being allowed.
const APPROVALS: [What; 2] = [What::ToolApproved, What::ToolWithdrawn];
/// The deeds about units.
const UNITS: [What; 2] = [What::UnitSet, What::UnitRemoved];
/// The deeds about workstations.
const MACHINES: [What; 4] = [
    What::MachineNamed,
    What::MachineConfirmed,
    What::MachineDoubted,
    What::MachineRemoved,
];

/// What the office has laid down. Immutable; the store's writer makes a new one with each change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    tools: BTreeMap<String, Tool>,
    units: BTreeMap<String, Vec<IpNet>>,
    machines: BTreeMap<IpAddr, Machine>,
    wording: BTreeMap<String, String>,
}

impl Registry {
    /// Reads what stands now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(reader: &StoreReader) -> Result<Self, StoreError> {
        let mut registry = Self::default();
        registry.read_tools(reader, u64::MAX).await?;
        for deed in reader.last_deeds(&UNITS).await? {
            registry.unit(&deed.record);
        }
        for deed in reader.last_deeds(&MACHINES).await? {
            registry.machine(&deed.record);
        }
        for deed in reader.last_deeds(&[What::WordingSet]).await? {
            registry.word(&deed.record);
        }
        Ok(registry)
    }

    /// The tools of the register as of a record, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn tools_as_of(reader: &StoreReader, head: u64) -> Result<Vec<Tool>, StoreError> {
        let mut registry = Self::default();
        registry.read_tools(reader, head).await?;
        Ok(registry.tools.into_values().collect())
    }

    async fn read_tools(&mut self, reader: &StoreReader, head: u64) -> Result<(), StoreError> {
        let entered = reader.last_deeds_as_of(&[What::ToolEntered], head).await?;
        for deed in entered {
            self.tool(&deed, Tool::enter);
        }
        for deed in reader.last_deeds_as_of(&APPROVALS, head).await? {
            self.tool(&deed, |tool, record| {
                if record.what == What::ToolApproved.as_str() {
                    tool.approve(record);
                }
            });
        }
        Ok(())
    }

    /// Whether a deed of this kind changes anything here.
    pub(super) fn follows_from(what: What) -> bool {
        matches!(what, What::ToolEntered | What::WordingSet)
            || APPROVALS.contains(&what)
            || UNITS.contains(&what)
            || MACHINES.contains(&what)
    }

    /// The tools, by id.
    pub fn tools(&self) -> impl Iterator<Item = &Tool> {
        self.tools.values()
    }

    /// A tool of the register.
    pub fn find_tool(&self, id: &str) -> Option<&Tool> {
        self.tools.get(id)
    }

    /// Whether a tool may be used now.
    pub fn is_approved(&self, id: &str, now: UnixMillis) -> bool {
        let day = day_of(now);
        self.tools
            .get(id)
            .is_some_and(|tool| tool.is_approved(&day))
    }

    /// The names of the tools that may be used now.
    pub fn approved_names(&self, now: UnixMillis) -> Vec<&str> {
        let day = day_of(now);
        let approved = self.tools.values().filter(|tool| tool.is_approved(&day));
        approved.map(Tool::name).collect()
    }

    /// The units that were laid down in the pages, with their networks.
    pub fn units(&self) -> impl Iterator<Item = (&str, &[IpNet])> {
        let units = self.units.iter();
        units.map(|(name, networks)| (name.as_str(), networks.as_slice()))
    }

    /// The unit of a workstation: by its network first, else as it was chosen and confirmed.
    pub fn unit_of(&self, client: IpAddr) -> Option<&str> {
        let chosen = || self.machines.get(&client).and_then(Machine::unit_in_force);
        self.unit_by_network(client).or_else(chosen)
    }

    /// The unit of a workstation's network.
    pub fn unit_by_network(&self, client: IpAddr) -> Option<&str> {
        let mut units = self.units();
        let found =
            units.find(|(_, networks)| networks.iter().any(|network| network.contains(&client)));
        found.map(|(name, _)| name)
    }

    /// What is known of a workstation.
    pub fn find_machine(&self, client: IpAddr) -> Option<&Machine> {
        self.machines.get(&client)
    }

    /// All workstations that were named, by address.
    pub fn machines(&self) -> impl Iterator<Item = (IpAddr, &Machine)> {
        self.machines.iter().map(|(address, one)| (*address, one))
    }

    /// The office's own words for a key, where the pages set any.
    pub fn wording(&self, key: &str) -> Option<&str> {
        self.wording.get(key).map(String::as_str)
    }

    fn tool(&mut self, deed: &StoredDeed, apply: impl FnOnce(&mut Tool, &DeedRecord)) {
        let Some(id) = &deed.record.subject else {
            return;
        };
        let tool = self.tools.entry(id.clone()).or_default();
        tool.id.clone_from(id);
        tool.seq = tool.seq.max(deed.seq);
        apply(tool, &deed.record);
    }

    fn unit(&mut self, record: &DeedRecord) {
        let Some(name) = record.subject.clone() else {
            return;
        };
        if record.what == What::UnitSet.as_str() {
            let networks = record.fact("networks").unwrap_or_default();
            let networks = networks.split_whitespace();
            let networks = networks
                .filter_map(|network| network.parse().ok())
                .collect();
            self.units.insert(name, networks);
        }
    }

    fn machine(&mut self, record: &DeedRecord) {
        let address = record.subject.as_deref().map(str::parse);
        let Some(Ok(address)) = address else {
            return;
        };
        if record.what == What::MachineRemoved.as_str() {
            return;
        }
        let fact = |name| record.fact(name).unwrap_or_default().to_owned();
        let standing = match What::parse(&record.what) {
            Some(What::MachineConfirmed) => MachineStanding::Confirmed,
            Some(What::MachineDoubted) => MachineStanding::Doubted,
            Some(_) | None => MachineStanding::Named,
        };
        let until_then = record.fact(UNTIL_THEN).filter(|unit| !unit.is_empty());
        let machine = Machine {
            name: fact("machine"),
            unit: fact("unit"),
            standing,
            unit_until_then: until_then.map(str::to_owned),
            at: record.recorded_at,
        };
        self.machines.insert(address, machine);
    }

    fn word(&mut self, record: &DeedRecord) {
        let to = record.fact("to").filter(|words| !words.is_empty());
        if let (Some(key), Some(words)) = (&record.subject, to) {
            self.wording.insert(key.clone(), words.to_owned());
        }
    }
}

/// The day in Việt Nam, `2026-06-12`: days compare as texts do.
pub fn day_of(now: UnixMillis) -> String {
    let stamp = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let local = stamp.to_zoned(TimeZone::fixed(Offset::constant(7)));
    local.strftime("%Y-%m-%d").to_string()
}
