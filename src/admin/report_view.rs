//! How does a document look in a browser? Its parts, ready for the template.

use crate::model::thousands::grouped;
use crate::report::document::{Align, Block, Chart, Document, Signature};

/// How wide the bars of a chart are drawn, in units of its own.
const BAR_WIDTH: u64 = 600;

/// A document, ready to be shown.
pub(super) struct DocumentView {
    pub(super) parent: Option<String>,
    pub(super) office: String,
    pub(super) number: String,
    pub(super) place_date: String,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) under_title: Option<String>,
    pub(super) to: Vec<String>,
    pub(super) body: Vec<Part>,
    pub(super) signatures: Vec<Signature>,
    pub(super) recipients: Vec<String>,
    pub(super) annexes: Vec<AnnexView>,
}

/// An annex.
pub(super) struct AnnexView {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) body: Vec<Part>,
}

/// One part of the contents.
pub(super) enum Part {
    Heading(String),
    Basis(String),
    Text(String),
    Item(String),
    Field {
        field: String,
        label: String,
        text: String,
    },
    Table {
        caption: String,
        heads: Vec<(String, bool)>,
        rows: Vec<Vec<(String, bool)>>,
    },
    Bars {
        caption: String,
        series: Vec<String>,
        bars: Vec<BarView>,
    },
}

/// One bar: parts by place and width, each with the number of its series.
pub(super) struct BarView {
    pub(super) label: String,
    pub(super) total: String,
    pub(super) parts: Vec<(u64, u64, usize)>,
}

/// A document for the template.
pub(super) fn view(document: &Document) -> DocumentView {
    let annexes = document.annexes.iter().map(|annex| AnnexView {
        title: annex.title.clone(),
        about: annex.about.clone(),
        body: parts(&annex.body),
    });
    DocumentView {
        parent: document.parent.clone(),
        office: document.office.clone(),
        number: document.number.clone().unwrap_or_default(),
        place_date: document.place_date.clone(),
        title: document.title.clone(),
        about: document.about.clone(),
        under_title: document.under_title.clone(),
        to: document.to.clone(),
        body: parts(&document.body),
        signatures: document.signatures.clone(),
        recipients: document.recipients.clone(),
        annexes: annexes.collect(),
    }
}

fn parts(blocks: &[Block]) -> Vec<Part> {
    blocks.iter().map(part).collect()
}

fn part(block: &Block) -> Part {
    match block {
        Block::Heading { text, .. } => Part::Heading(text.clone()),
        Block::Basis { text } => Part::Basis(text.clone()),
        Block::Paragraph { text } => Part::Text(text.clone()),
        Block::Item { text } => Part::Item(text.clone()),
        Block::Judgement(judgement) => Part::Field {
            field: judgement.field.clone(),
            label: judgement.asked(),
            text: judgement.text.clone().unwrap_or_default(),
        },
        Block::Table(table) => {
            let is_number: Vec<bool> = table
                .columns
                .iter()
                .map(|column| column.align == Align::Right)
                .collect();
            let marked =
                |texts: Vec<String>| texts.into_iter().zip(is_number.iter().copied()).collect();
            let heads = table
                .columns
                .iter()
                .map(|column| column.head.clone())
                .collect();
            Part::Table {
                caption: table.caption.clone(),
                heads: marked(heads),
                rows: table.rows.iter().cloned().map(marked).collect(),
            }
        }
        Block::Chart(chart) => Part::Bars {
            caption: chart.caption.clone(),
            series: chart.series.clone(),
            bars: bars(chart),
        },
    }
}

fn bars(chart: &Chart) -> Vec<BarView> {
    let longest = u128::from(chart.longest());
    let wide = |part: u64| {
        let wide = u128::from(part) * u128::from(BAR_WIDTH) / longest;
        u64::try_from(wide).unwrap_or(BAR_WIDTH)
    };
    let bars = chart.bars.iter().map(|bar| {
        let mut at = 0;
        let parts = bar.parts.iter().enumerate().map(|(series, part)| {
            let place = at;
            at += wide(*part);
            (place, wide(*part), series)
        });
        BarView {
            label: bar.label.clone(),
            total: grouped(bar.total()),
            parts: parts.collect(),
        }
    });
    bars.collect()
}
