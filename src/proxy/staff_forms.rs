//! What does a form of a workstation ask for? A deed for the chain, or a word about what to change.
//!
//! In: a path and fields of a form that was sent from our own page. Out: the deed and where the
//! browser goes then; or the page again with what is wrong. What was typed is read like a prompt:
//! a text with a value that would be hidden or stopped is not kept.
//!
//! Never: a value in the chain that policy would not let out.

use aws_lc_rs::rand;

use super::answer::OwnAnswer;
use super::lesson;
use super::own_form::OwnForm;
use super::staff_pages::{Staff, Typed};
use crate::model::decision::Action;
use crate::model::trouble::Trouble;
use crate::store::registry::UNTIL_THEN;
use crate::store::{Actor, Deed, What};

/// Letters and digits that are not mistaken for one another.
const CODE_SYMBOLS: &[u8; 24] = b"23456789BCDFGHJKMNPQRTVX";

/// What follows from a form.
pub(super) enum Asked {
    /// Record this, then send the browser there.
    Record(Deed, String),
    /// Show this again.
    Again(OwnAnswer),
    /// There is no such form.
    Nowhere,
}

/// Says what a form asks for.
pub(super) fn judge(path: &str, form: &OwnForm, staff: &Staff<'_>) -> Asked {
    match path {
        "/bao-su-co" => trouble(form, staff),
        "/bo-phan" => unit(form, staff),
        "/cong-cu" => tool(form, staff),
        _ => {
            let id = path.strip_prefix("/hoi-an-toan/").unwrap_or_default();
            lesson(id, form, staff)
        }
    }
}

fn lesson(id: &str, form: &OwnForm, staff: &Staff<'_>) -> Asked {
    let Some(lesson) = lesson::find(id) else {
        return Asked::Nowhere;
    };
    let mut typed = Typed {
        name: form.text("name", 100),
        unit: form.text("unit", 100),
        ..Typed::default()
    };
    let has_read = form.text("read", 10) == "yes";
    typed.fault = if typed.name.is_empty() || typed.unit.is_empty() || !has_read {
        Some("Đề nghị ghi họ tên, bộ phận và đánh dấu đã đọc.".to_owned())
    } else {
        staff.fault_in(&[&typed.name, &typed.unit])
    };
    if typed.fault.is_some() {
        return Asked::Again(staff.lesson(lesson, &typed, false));
    }
    let deed = Deed::new(staff.actor(), What::LessonSigned)
        .subject(lesson.id)
        .fact("title", lesson.title)
        .fact("name", &typed.name)
        .fact("unit", &typed.unit);
    Asked::Record(
        deed,
        format!("/hoi-an-toan/{}?xong=roi#xac-nhan", lesson.id),
    )
}

fn trouble(form: &OwnForm, staff: &Staff<'_>) -> Asked {
    let mut typed = Typed {
        kind: form.text("kind", 20),
        when: form.text("when", 60),
        tool: form.text("tool", 100),
        what: form.text("what", 2000),
        done: form.text("done", 1000),
        code: form.text("code", 20).to_uppercase(),
        name: form.text("name", 100),
        ..Typed::default()
    };
    let kind = Trouble::parse(&typed.kind);
    typed.fault = if kind.is_none() || typed.when.is_empty() || typed.what.is_empty() {
        Some("Đề nghị chọn loại sự việc, ghi thời điểm và chuyện gì đã xảy ra.".to_owned())
    } else {
        // The name and number by which the clerk wants to be called back are not read.
        staff.fault_in(&[
            &typed.when,
            &typed.tool,
            &typed.what,
            &typed.done,
            &typed.code,
        ])
    };
    let (Some(kind), None, Some(code)) = (kind, &typed.fault, new_code()) else {
        return Asked::Again(staff.trouble(&typed, None));
    };
    let deed = Deed::new(staff.actor(), What::TroubleReported)
        .subject(&code)
        .fact("kind", kind.as_str())
        .fact("unit", staff.unit.unwrap_or_default())
        .fact("when", &typed.when)
        .fact("tool", &typed.tool)
        .fact("what", &typed.what)
        .fact("done", &typed.done)
        .fact("code", &typed.code)
        .fact("name", &typed.name);
    Asked::Record(deed, format!("/bao-su-co?xong={code}"))
}

fn unit(form: &OwnForm, staff: &Staff<'_>) -> Asked {
    let mut typed = Typed {
        machine: form.text("machine", 60),
        unit: form.text("unit", 100),
        ..Typed::default()
    };
    let is_free = staff.may_choose && staff.units.contains(&typed.unit);
    typed.fault = if typed.machine.is_empty() || !is_free {
        Some("Đề nghị ghi tên máy và chọn một bộ phận.".to_owned())
    } else {
        staff.fault_in(&[&typed.machine])
    };
    if typed.fault.is_some() {
        return Asked::Again(staff.unit(&typed));
    }
    let deed = Deed::new(staff.actor(), What::MachineNamed)
        .subject(&staff.client.to_string())
        .fact("machine", &typed.machine)
        .fact("unit", &typed.unit)
        .fact(UNTIL_THEN, staff.unit.unwrap_or_default());
    Asked::Record(deed, "/bo-phan".to_owned())
}

fn tool(form: &OwnForm, staff: &Staff<'_>) -> Asked {
    let mut typed = Typed {
        tool: form.text("tool", 100),
        purpose: form.text("purpose", 1000),
        data: form.text("data", 300),
        name: form.text("name", 100),
        ..Typed::default()
    };
    let all = [&typed.tool, &typed.purpose, &typed.data, &typed.name];
    typed.fault = if all.iter().any(|text| text.is_empty()) {
        Some("Đề nghị điền đủ các ô.".to_owned())
    } else {
        staff.fault_in(&[&typed.tool, &typed.purpose, &typed.data])
    };
    if typed.fault.is_some() {
        return Asked::Again(staff.tools(&typed, false));
    }
    let deed = Deed::new(staff.actor(), What::ToolProposed)
        .subject(&typed.tool)
        .fact("purpose", &typed.purpose)
        .fact("data", &typed.data)
        .fact("name", &typed.name);
    Asked::Record(deed, "/cong-cu?xong=roi#de-nghi".to_owned())
}

impl Staff<'_> {
    /// The clerk, known by the workstation alone.
    fn actor(&self) -> Actor {
        Actor {
            name: self.client.to_string(),
            role: "clerk".to_owned(),
            address: self.client.to_string(),
        }
    }

    /// What is wrong with texts that hold what policy would hide or stop.
    fn fault_in(&self, texts: &[&String]) -> Option<String> {
        let text: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
        let scan = self.inspector.scan_text(text.join("\n"), self.now);
        if scan.action < Action::Redact {
            return None;
        }
        let mut labels: Vec<&str> = scan
            .findings
            .iter()
            .map(|one| one.finding.category.label())
            .collect();
        labels.sort_unstable();
        labels.dedup();
        Some(format!(
            "Trong các ô có thông tin không nên ghi vào đây: {}. Đề nghị bỏ thông tin đó, chỉ nêu \
             loại và số lượng, rồi gửi lại.",
            labels.join(", ")
        ))
    }
}

/// A code to read out: `SC-7KQ2M4`.
fn new_code() -> Option<String> {
    let mut bytes = [0; 6];
    rand::fill(&mut bytes).ok()?;
    let symbols = bytes.iter().filter_map(|byte| {
        let at = usize::from(*byte) % CODE_SYMBOLS.len();
        CODE_SYMBOLS.get(at).map(|symbol| char::from(*symbol))
    });
    Some(format!("SC-{}", symbols.collect::<String>()))
}
