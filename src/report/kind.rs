//! Which reports are there? Those that the plans and decrees ask for.
//!
//! Each kind has the name that is typed, the name that stands on it, the letters of its symbol
//! (Nghị định 30/2020/NĐ-CP, Phụ lục III), and who leads it.

/// A kind of report. The names are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What came of the plan in half a year, a year or any period.
    Periodic,
    /// The check of data safety and cyber security.
    Inspection,
    /// An incident in which data went out, or may have.
    Incident,
    /// The minutes that confirm a breach (Luật 91/2025/QH15 Đ23.2).
    Minutes,
    /// The notice of a breach to the authority (Mẫu số 08, NĐ 356/2025/NĐ-CP).
    BreachNotice,
    /// The notice about a mark of state secrecy.
    SecrecyNotice,
    /// The report of a serious incident of an AI system (Mẫu AI01a, NĐ 142/2026/NĐ-CP).
    AiIncident,
    /// The preliminary assessment of an AI tool.
    Assessment,
    /// The impact assessment of an AI system.
    Impact,
    /// The list of AI tools that may be used.
    ToolRegister,
    /// The rules by which traffic is controlled.
    Controls,
}

/// What a kind is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The figures of a period.
    Period,
    /// Incidents in which data went out.
    Exposures,
    /// Incidents of state secrets.
    Secrets,
    /// AI tools and the rules for them.
    Tools,
}

/// What is fixed about a kind.
struct Facts {
    kind: Kind,
    name: &'static str,
    /// The name of the type of document, in capitals.
    title: &'static str,
    /// What stands under it.
    label: &'static str,
    /// The letters in the symbol; empty for one that has none.
    letters: &'static str,
    about: About,
}

const FACTS: [Facts; 11] = [
    Facts {
        kind: Kind::Periodic,
        name: "periodic",
        title: "BÁO CÁO",
        label: "Kết quả triển khai thực hiện Kế hoạch",
        letters: "BC",
        about: About::Period,
    },
    Facts {
        kind: Kind::Inspection,
        name: "inspection",
        title: "BÁO CÁO",
        label: "Kết quả kiểm tra an toàn dữ liệu, an ninh mạng",
        letters: "BC",
        about: About::Period,
    },
    Facts {
        kind: Kind::Incident,
        name: "incident",
        title: "BÁO CÁO",
        label: "Sự cố trong quá trình sử dụng hệ thống trí tuệ nhân tạo",
        letters: "BC",
        about: About::Exposures,
    },
    Facts {
        kind: Kind::Minutes,
        name: "minutes",
        title: "BIÊN BẢN",
        label: "Xác nhận vi phạm quy định về bảo vệ dữ liệu cá nhân",
        letters: "BB",
        about: About::Exposures,
    },
    Facts {
        kind: Kind::BreachNotice,
        name: "breach-notice",
        title: "THÔNG BÁO",
        label: "Vi phạm quy định về bảo vệ dữ liệu cá nhân",
        letters: "TB",
        about: About::Exposures,
    },
    Facts {
        kind: Kind::SecrecyNotice,
        name: "secrecy-notice",
        title: "THÔNG BÁO",
        label: "Về sự kiện có dấu chỉ độ mật trên máy tính kết nối Internet",
        letters: "TB",
        about: About::Secrets,
    },
    Facts {
        kind: Kind::AiIncident,
        name: "ai-incident",
        title: "BÁO CÁO",
        label: "Sự cố nghiêm trọng của hệ thống trí tuệ nhân tạo (báo cáo sơ bộ)",
        letters: "BC",
        about: About::Exposures,
    },
    Facts {
        kind: Kind::Assessment,
        name: "assessment",
        title: "BẢN ĐÁNH GIÁ SƠ BỘ",
        label: "Hệ thống, sản phẩm, dịch vụ trí tuệ nhân tạo đề xuất sử dụng",
        letters: "",
        about: About::Tools,
    },
    Facts {
        kind: Kind::Impact,
        name: "impact",
        title: "BÁO CÁO",
        label: "Đánh giá tác động của hệ thống trí tuệ nhân tạo",
        letters: "BC",
        about: About::Tools,
    },
    Facts {
        kind: Kind::ToolRegister,
        name: "tool-register",
        title: "DANH MỤC",
        label: "Công cụ trí tuệ nhân tạo được phép sử dụng",
        letters: "DM",
        about: About::Tools,
    },
    Facts {
        kind: Kind::Controls,
        name: "controls",
        title: "QUY TRÌNH",
        label: "Kiểm soát việc sử dụng hệ thống trí tuệ nhân tạo công cộng",
        letters: "QTr",
        about: About::Tools,
    },
];

impl Kind {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTS.iter().map(|facts| facts.kind)
    }

    fn facts(self) -> &'static Facts {
        const FIRST: &Facts = &FACTS[0];
        FACTS
            .iter()
            .find(|facts| facts.kind == self)
            .unwrap_or(FIRST)
    }

    /// The name that is typed.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Reads the name that is typed.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }

    /// The type of document, in capitals.
    pub fn title(self) -> &'static str {
        self.facts().title
    }

    /// What stands under the type.
    pub fn label(self) -> &'static str {
        self.facts().label
    }

    /// The letters of its symbol.
    pub fn letters(self) -> &'static str {
        self.facts().letters
    }

    /// What it is about.
    pub fn about(self) -> About {
        self.facts().about
    }

    /// Type and label in one line, for lists.
    pub fn told(self) -> String {
        let title = self.title();
        let mut letters = title.chars();
        let first: String = letters.by_ref().take(1).collect();
        let label = self.label();
        let mut rest = label.chars();
        let start = rest.next().map(char::to_lowercase).into_iter().flatten();
        let label: String = start.chain(rest).collect();
        format!("{first}{} {label}", letters.as_str().to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_and_has_its_own_facts() {
        for kind in Kind::all() {
            assert_eq!(Kind::parse(kind.name()), Some(kind));
            assert_eq!(kind.facts().kind, kind);
        }
        assert_eq!(Kind::parse("nothing"), None);
        assert_eq!(
            Kind::BreachNotice.told(),
            "Thông báo vi phạm quy định về bảo vệ dữ liệu cá nhân"
        );
    }
}
