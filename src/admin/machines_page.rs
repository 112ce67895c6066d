//! Units and workstations: which units there are, and which workstation belongs to which.
//!
//! A unit is known by its networks, or a clerk chooses it once on the workstation's page and the
//! administrator confirms. What stands in the settings file goes first and is changed there.

use std::collections::BTreeMap;
use std::net::IpAddr;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use ipnet::IpNet;

use crate::admin::desk::Desk;
use crate::admin::failure::Failure;
use crate::admin::form::Form;
use crate::admin::frame::{Frame, Visit, page};
use crate::admin::told;
use crate::model::exchange::UnixMillis;
use crate::model::review::Role;
use crate::store::registry::{Machine, MachineStanding};
use crate::store::{Act, Deed, What};

const HERE: &str = "/machines";
/// The longest name of a unit or machine.
const NAME_CHARS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "machines.html")]
struct MachinesPage {
    frame: Frame,
    waiting: Vec<MachineLine>,
    confirmed: Vec<MachineLine>,
    units: Vec<UnitLine>,
    fixed: Vec<(String, String)>,
    may_change: bool,
    fault: Option<&'static str>,
}

struct MachineLine {
    address: IpAddr,
    name: String,
    unit: String,
    time: String,
    /// Why it waits, or when it was seen last.
    about: String,
}

struct UnitLine {
    name: String,
    networks: String,
}

/// `GET /machines`
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Failure> {
    machines_page(&desk, &visit, None)
}

fn machines_page(
    desk: &Desk,
    visit: &Visit,
    fault: Option<&'static str>,
) -> Result<Response, Failure> {
    let registry = desk.store.registry();
    let seen: BTreeMap<IpAddr, UnixMillis> = (desk.status)().machines_seen.into_iter().collect();
    let line = |(address, machine): (IpAddr, &Machine)| MachineLine {
        address,
        name: machine.name.clone(),
        unit: machine.unit.clone(),
        time: told::short(machine.at),
        about: about(machine, seen.get(&address).copied()),
    };
    let (confirmed, waiting): (Vec<_>, Vec<_>) = registry
        .machines()
        .partition(|(_, machine)| machine.standing == MachineStanding::Confirmed);
    let units = registry.units().map(|(name, networks)| {
        let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
        UnitLine {
            name: name.to_owned(),
            networks: networks.join(" "),
        }
    });
    page(&MachinesPage {
        frame: Frame::new(desk, visit, HERE),
        waiting: waiting.into_iter().map(line).collect(),
        confirmed: confirmed.into_iter().map(line).collect(),
        units: units.collect(),
        fixed: (desk.in_force)().units,
        may_change: visit.role() == Role::Admin,
        fault,
    })
}

/// Why a machine waits, or when it was seen last.
fn about(machine: &Machine, seen: Option<UnixMillis>) -> String {
    let seen = seen.map(|seen| format!("thấy gần nhất {}", told::short(seen)));
    let held = machine.unit_until_then.as_deref();
    let held = held.map(|unit| format!("đang dùng quy tắc của {unit}"));
    let doubted = (machine.standing == MachineStanding::Doubted)
        .then(|| "địa chỉ lâu không được dùng, có thể đã chuyển sang máy khác".to_owned());
    let words: Vec<String> = [doubted, held, seen].into_iter().flatten().collect();
    words.join("; ")
}

/// `POST /machines`: confirms the unit of a workstation, or takes it away.
pub(super) async fn settle(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let registry = desk.store.registry();
    let address: IpAddr = form.text("address").parse().map_err(|_| Failure::BadForm)?;
    let machine = registry.find_machine(address).ok_or(Failure::Conflict)?;
    // The clerk may have chosen again since the page was shown.
    if form.text("unit") != machine.unit || form.text("machine") != machine.name {
        return Err(Failure::Conflict);
    }
    let what = match form.text("do") {
        "confirm" => What::MachineConfirmed,
        "remove" => What::MachineRemoved,
        _ => return Err(Failure::BadForm),
    };
    let deed = Deed::new(visit.actor(), what)
        .subject(&address.to_string())
        .fact("machine", &machine.name)
        .fact("unit", &machine.unit);
    desk.act(Act::of(deed)).await?;
    Ok(Redirect::to("/machines?done=saved").into_response())
}

/// `POST /machines/units`: lays down a unit, or removes it.
pub(super) async fn unit(
    State(desk): State<Desk>,
    visit: Visit,
    form: Form,
) -> Result<Response, Failure> {
    let name: String = form.text("name").chars().take(NAME_CHARS_MAX).collect();
    if name.is_empty() {
        return machines_page(&desk, &visit, Some("Đề nghị ghi tên bộ phận."));
    }
    if form.is_ticked("remove") {
        let deed = Deed::new(visit.actor(), What::UnitRemoved).subject(&name);
        desk.act(Act::of(deed)).await?;
        return Ok(Redirect::to("/machines?done=saved").into_response());
    }
    let words = form.text("networks").split([' ', ',', ';', '\n']);
    let networks: Result<Vec<String>, ()> = words
        .filter(|word| !word.is_empty())
        .map(|word| network(word).ok_or(()))
        .collect();
    let Ok(networks) = networks else {
        let fault = "Mạng ghi như 10.0.0.64/26 hoặc 10.0.0.7, cách nhau bằng dấu cách.";
        return machines_page(&desk, &visit, Some(fault));
    };
    let deed = Deed::new(visit.actor(), What::UnitSet)
        .subject(&name)
        .fact("networks", &networks.join(" "));
    desk.act(Act::of(deed)).await?;
    Ok(Redirect::to("/machines?done=saved").into_response())
}

/// A network, or a single address as one.
fn network(word: &str) -> Option<String> {
    let network: Option<IpNet> = word.parse().ok();
    let single = || {
        word.parse()
            .ok()
            .map(|address: IpAddr| IpNet::from(address))
    };
    network.or_else(single).map(|network| network.to_string())
}
