//! Regions: country, provinces, cities, districts, each in the one before (#3 to #10, #18 and #513).

use crate::json::Object;

/// A region.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) id: u64,
    pub(super) name: &'static str,
    /// The region that it is in; 0 for the country.
    pub(super) pid: u64,
    /// 0 a country, 1 a province, 2 a city, 3 a district.
    pub(super) kind: u8,
}

/// The country, the only one.
pub(super) const COUNTRY: u64 = 1;

const fn region(id: u64, name: &'static str, pid: u64, kind: u8) -> Region {
    Region { id, name, pid, kind }
}

/// All of them, by id.
const REGIONS: &[Region] = &[
    region(1, "中国", 0, 0),
    region(2, "北京", 1, 1),
    region(3, "安徽", 1, 1),
    region(4, "福建", 1, 1),
    region(5, "甘肃", 1, 1),
    region(6, "广东", 1, 1),
    region(7, "广西", 1, 1),
    region(8, "贵州", 1, 1),
    region(9, "海南", 1, 1),
    region(10, "河北", 1, 1),
    region(11, "河南", 1, 1),
    region(12, "黑龙江", 1, 1),
    region(13, "湖北", 1, 1),
    region(14, "湖南", 1, 1),
    region(15, "吉林", 1, 1),
    region(16, "江苏", 1, 1),
    region(17, "江西", 1, 1),
    region(18, "辽宁", 1, 1),
    region(19, "内蒙古", 1, 1),
    region(20, "宁夏", 1, 1),
    region(21, "青海", 1, 1),
    region(22, "山东", 1, 1),
    region(23, "山西", 1, 1),
    region(24, "陕西", 1, 1),
    region(25, "上海", 1, 1),
    region(26, "四川", 1, 1),
    region(27, "天津", 1, 1),
    region(28, "西藏", 1, 1),
    region(29, "新疆", 1, 1),
    region(30, "云南", 1, 1),
    region(31, "浙江", 1, 1),
    region(32, "重庆", 1, 1),
    region(33, "香港", 1, 1),
    region(34, "澳门", 1, 1),
    region(35, "台湾", 1, 1),
    region(52, "北京", 2, 2),
    region(321, "上海", 25, 2),
    region(383, "杭州", 31, 2),
    region(500, "东城区", 52, 3),
    region(501, "西城区", 52, 3),
    region(502, "海淀区", 52, 3),
    region(503, "朝阳区", 52, 3),
    region(504, "崇文区", 52, 3),
    region(505, "宣武区", 52, 3),
    region(506, "丰台区", 52, 3),
    region(507, "石景山区", 52, 3),
    region(508, "房山区", 52, 3),
    region(509, "门头沟区", 52, 3),
    region(510, "通州区", 52, 3),
    region(511, "顺义区", 52, 3),
    region(512, "昌平区", 52, 3),
    region(513, "怀柔区", 52, 3),
    region(514, "平谷区", 52, 3),
    region(515, "大兴区", 52, 3),
    region(516, "密云县", 52, 3),
    region(517, "延庆县", 52, 3),
    region(2707, "浦东新区", 321, 3),
    region(3233, "滨江区", 383, 3),
    region(3235, "萧山区", 383, 3),
    region(3236, "余杭区", 383, 3),
];

impl Region {
    /// The region as answers have it.
    pub(super) fn json(&self) -> Object {
        let mut json = Object::default();
        json.push("id", self.id);
        json.push_text("name", self.name);
        json.push("pid", self.pid);
        json.push("type", self.kind);
        json
    }
}

/// The regions right inside this one.
pub(super) fn inside(pid: u64) -> impl Iterator<Item = &'static Region> {
    REGIONS.iter().filter(move |region| region.pid == pid)
}

/// Province, city and district, if each is inside the one before.
pub(super) fn chain(province: u64, city: u64, district: u64) -> Option<[&'static Region; 3]> {
    let find =
        |id, pid, kind| REGIONS.iter().find(|region| (region.id, region.pid, region.kind) == (id, pid, kind));
    Some([find(province, COUNTRY, 1)?, find(city, province, 2)?, find(district, city, 3)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_in_one_of_the_kind_above() {
        for region in REGIONS.iter().filter(|region| region.kind > 0) {
            let above = REGIONS.iter().find(|above| above.id == region.pid).unwrap();
            assert_eq!(above.kind + 1, region.kind, "{region:?}");
        }
        let mut ids: Vec<_> = REGIONS.iter().map(|region| region.id).collect();
        ids.dedup();
        assert_eq!(ids.len(), REGIONS.len());
        assert_eq!((inside(0).count(), inside(1).count(), inside(52).count()), (1, 34, 18));
        assert_eq!(inside(999).count(), 0);
    }

    #[test]
    fn chains() {
        let names = chain(31, 383, 3233).unwrap().map(|region| region.name);
        assert_eq!(names, ["浙江", "杭州", "滨江区"]);
        assert_eq!(chain(25, 383, 3233), None);
        assert_eq!(chain(31, 321, 2707), None);
        assert_eq!(chain(31, 383, 383), None);
    }
}
