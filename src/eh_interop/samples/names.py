"""Invented names of people and places."""

from __future__ import annotations

from typing import Final, NamedTuple


class Heritage(NamedTuple):
    """Names and codes that go together, so that a family is of a piece."""

    ethnicity: str
    language: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_BRITISH: Final = (
    _words(
        "Amber Bethan Bryony Cara Cerys Daisy Edie Elsie Esme Fern Freya Gwen Harriet Hazel Holly "
        "Imogen Iris Ivy Jess Kayleigh Lacey Lottie Maisie Mabel Nell Olwen Poppy Rosie Skye Tamsin"
    ),
    _words(
        "Alfie Archie Bertie Callum Dylan Elis Ethan Finlay Frank George Harley Jago Jake Jenson "
        "Kai Kit Leo Logan Milo Ned Olly Perran Reece Rowan Rufus Stanley Todd Toby Wilf Zack"
    ),
    _words(
        "Abernathy Ashdown Barleycroft Birchall Brackenbury Claypole Coldwell Dunmore Elderfield "
        "Fallowfield Garside Gorsedale Hallworthy Hartnoll Inchbald Kettlewick Larkham Marsdale "
        "Netherby Oakhanger Penhallow Pettigrew Quarrington Ravensdale Skelhorn Thistlewood "
        "Underhay Vennings Wetherell Yarnfield"
    ),
)

HERITAGES: Final = (
    (Heritage("WBRI", "ENG", *_BRITISH), 60),
    (
        Heritage(
            "WOTH",
            "POL",
            _words("Agata Basia Hania Iga Kasia Lena Maja Zofia"),
            _words("Antek Bartek Filip Igor Kuba Michal Oskar Tymek"),
            _words("Borowik Czyzyk Dabek Kalina Lipka Sosna Wrzos Zawila"),
        ),
        8,
    ),
    (
        Heritage(
            "APKN",
            "URD",
            _words("Aisha Fatima Hira Iqra Maryam Noor Sana Zainab"),
            _words("Ahmed Bilal Daud Hamza Ibrahim Rayyan Usman Yusuf"),
            _words("Chandio Durrani Gulzari Khokhar Mahsood Rindani Sethi Zamurrad"),
        ),
        8,
    ),
    (
        Heritage(
            "BAFR",
            "SOM",
            _words("Amina Hodan Ifrah Ladan Nasra Sagal Ubah Yasmin"),
            _words("Abdi Bashir Cabdi Farhan Guled Liban Samatar Warsame"),
            _words("Aboker Diriye Elmi Gaildon Hirsi Jirde Samatare Warfaan"),
        ),
        6,
    ),
    (
        Heritage(
            "MWBC",
            "ENG",
            _words("Alesha Chanel Jada Kiara Leona Naomi Rhianna Tia"),
            _words("Andre Curtis Dante Isaac Jaden Marlon Theo Tyrell"),
            _words("Ambersley Blackheath Cranbrook Deverill Jessamy Palmerston Sandiford Winterly"),
        ),
        8,
    ),
    (Heritage("WROM", "ENG", *_BRITISH), 3),
    (
        Heritage(
            "WOTH",
            "UKR",
            _words("Alina Daryna Kateryna Olena Polina Solomiia Yaryna Zlata"),
            _words("Andriy Bohdan Danylo Maksym Nazar Ostap Taras Yurii"),
            _words("Berezko Dubenko Kalynko Lisko Pavlenchuk Sokilko Verbenko Yasenko"),
        ),
        3,
    ),
    (
        Heritage(
            "ABAN",
            "BNG",
            _words("Anika Farzana Jannat Mim Nadia Rupa Shapla Tania"),
            _words("Arif Faisal Imran Nabil Rafi Sakib Tanvir Zahid"),
            _words("Bhuiyan Chowdhurani Fakirani Golder Munshi Patwari Shikdar Talukdar"),
        ),
        3,
    ),
)

STREETS: Final = _words(
    "Alder Beech Bramble Cherry Clover Damson Elder Fern Gorse Hawthorn Hazel Heather Holly "
    "Juniper Larch Linden Maple Medlar Myrtle Quince Rowan Sorrel Teasel Willow Yarrow"
)
ROADS: Final = _words("Close Court Drive Gardens Grove Lane Rise Road Street Terrace Walk Way")
SITES: Final = _words(
    "Ashbrook Bankfield Brookside Castle Chestnut Fairview Greenway Highfield Hillside Kingsmead "
    "Lakeside Meadow Millbrook Northgate Orchard Parkway Priory Riverside Southfield Springhill "
    "Stonebridge Tower Waterside Westbury Woodlands"
)
WORKERS: Final = (
    _words(
        "Anneka Belinda Colette Delphine Estelle Farah Greta Henrietta Ingrid Jocasta Karin "
        "Leonie Marguerite Nadine Oonagh Petra Rosalind Sabine Thea Verity"
    ),
    _words(
        "Adebayo Brackley Castellan Dunstan Eastwick Fairhurst Gantry Hollins Isherwood Jarrold "
        "Kirkbride Lonsdale Mayhew Northcott Okonjo Pemberley Rushden Sherwin Tolland Winslade"
    ),
)


class Home(NamedTuple):
    """A council and towns in it, with postcode districts."""

    council: str
    towns: tuple[tuple[str, str], ...]


HOMES: Final = {
    "916": Home(
        "Gloucestershire County Council",
        (
            ("Gloucester", "GL1"),
            ("Cheltenham", "GL50"),
            ("Stroud", "GL5"),
            ("Tewkesbury", "GL20"),
            ("Cirencester", "GL7"),
            ("Coleford", "GL16"),
        ),
    ),
    "860": Home(
        "Staffordshire County Council",
        (
            ("Stafford", "ST16"),
            ("Cannock", "WS11"),
            ("Tamworth", "B79"),
            ("Lichfield", "WS13"),
            ("Leek", "ST13"),
            ("Burton upon Trent", "DE14"),
        ),
    ),
    "831": Home("Derby City Council", (("Derby", "DE1"), ("Derby", "DE23"))),
    "370": Home("Barnsley Council", (("Barnsley", "S70"), ("Barnsley", "S71"))),
    "933": Home("Somerset Council", (("Taunton", "TA1"), ("Yeovil", "BA20"))),
    "926": Home("Norfolk County Council", (("Norwich", "NR1"), ("Thetford", "IP24"))),
}
ANYWHERE: Final = ("831", "370", "933", "926")
