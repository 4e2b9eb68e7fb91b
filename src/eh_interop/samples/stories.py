"""What the invented families need help with: one story for each kind of worry.

``{child}`` stands for the first child's name, ``{carer}`` for mum or dad.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Story(NamedTuple):
    """One kind of worry, in the words of those who were there.

    ``paper`` is the type of document that usually goes with it; ``harm`` says
    whether it can be a child protection matter.
    """

    types: tuple[str, ...]
    reasons: tuple[str, ...]
    ages: tuple[int, int]
    area: str
    domain: str
    subdomain: str
    paper: str | None
    harm: bool
    seen: tuple[str, ...]
    impact: str
    evidence: str
    risk: str
    change: str
    need: str
    goal: str
    measure: str
    actions: tuple[str, ...]
    child: tuple[str, ...]
    parent: tuple[str, ...]
    strength: str
    adults: str
    tried: str


STORIES: Final = (
    Story(
        types=("neglect",),
        reasons=("neglect", "parenting-support"),
        ages=(3, 11),
        area="family-environment",
        domain="parents-and-carers",
        subdomain="basic-care-safety-and-protection",
        paper="neglect-toolkit",
        harm=True,
        seen=(
            "{child} comes in without breakfast and in clothes that are wet from the night before.",
            "{child} has had untreated sores for weeks, and there is no food in the house.",
            "{child} was found alone at home after dark for the second time.",
        ),
        impact="{child} is tired and hungry, falls asleep in lessons and is left out by others.",
        evidence="Seen on most days of the last four weeks and written down by two of the staff.",
        risk="{child} is not fed, washed or watched as a child needs, and it gets worse.",
        change="{child} is warm, fed and looked after, and {carer} has help to keep it so.",
        need="Regular meals, clean clothes and somebody at home.",
        goal="{child} comes to school fed and in clean clothes.",
        measure="On at least nine of ten school days, as noted at the door.",
        actions=("Give breakfast and keep a clean set of clothes.", "Visit at home each week."),
        child=('"I am cold at night."', '"I wish there was tea when I get in."'),
        parent=('"I know it has slipped. I cannot do it on my own."', '"We manage."'),
        strength="{child} and {carer} are fond of each other and like to cook together.",
        adults="{carer} left care at eighteen and has nobody to turn to.",
        tried="Breakfast club and a home visit each fortnight.",
    ),
    Story(
        types=("domestic-abuse",),
        reasons=("domestic-abuse", "family-relationships"),
        ages=(1, 15),
        area="family-environment",
        domain="family-and-environment",
        subdomain="family-history-and-functioning",
        paper="domestic-abuse-risk-assessment",
        harm=True,
        seen=(
            "Police were called twice this month. {child} was in the room both times.",
            "{carer} had a bruised arm and said that there was shouting most nights.",
        ),
        impact="{child} wakes at night, clings to {carer} and flinches at loud voices.",
        evidence="Two police reports, and what {child} drew and said.",
        risk="{child} sees and hears violence at home and may be hurt in trying to stop it.",
        change="{child} lives in a home without fear, and {carer} knows where to get help.",
        need="Safety at home and somebody to talk to about what happened.",
        goal="{child} sleeps through and says that home feels safe.",
        measure="Five quiet nights in a week, on the chart that {child} fills in.",
        actions=("Make a safety plan.", "Offer a place in the group for children."),
        child=('"It goes bang and I hide."', '"I want it to be quiet."'),
        parent=('"I do not want them to grow up like this."', '"It is over now."'),
        strength="{carer} asked for help and keeps every appointment.",
        adults="{carer} saw violence as a child and does not want that for {child}.",
        tried="Advice from the domestic abuse service.",
    ),
    Story(
        types=("parental-mental-health",),
        reasons=("parental-mental-health", "school-attendance"),
        ages=(4, 14),
        area="family-environment",
        domain="family-and-environment",
        subdomain="family-history-and-functioning",
        paper=None,
        harm=False,
        seen=(
            "{carer} is very low and on many days cannot get up. {child} runs the house.",
            "{carer} has stopped answering the door, and {child} stays at home to keep watch.",
        ),
        impact="{child} misses school, worries all the time and has stopped seeing friends.",
        evidence="Attendance has fallen to 70 per cent; talks with {child} and with {carer}.",
        risk="Without help {child} goes on carrying what an adult should carry.",
        change="{carer} gets treatment, and {child} can be a child again.",
        need="A well parent, and time for school and friends.",
        goal="{child} is in school every day and sees friends at weekends.",
        measure="Attendance of 95 per cent over half a term.",
        actions=("Go with {carer} to the GP.", "Ask the young carers service for a place."),
        child=('"I make the tea when mum is sad."', '"I cannot leave. What if something happens?"'),
        parent=('"Some days I just cannot."', '"The children keep me going."'),
        strength="{child} and {carer} tell each other things.",
        adults="{carer} was well until last winter and has had help before.",
        tried="A check-in at school each morning.",
    ),
    Story(
        types=("parental-substance-misuse",),
        reasons=("parental-substance-misuse", "money"),
        ages=(2, 12),
        area="family-environment",
        domain="parents-and-carers",
        subdomain="guidance-boundaries-and-stimulation",
        paper=None,
        harm=True,
        seen=(
            "{carer} collected {child} by car while clearly drunk. Staff kept {child} back.",
            "Bottles stand where {child} plays, and strangers come and go at night.",
        ),
        impact="{child} is often late, anxious at home time and asks to stay with staff.",
        evidence="Notes of staff on six days, and a neighbour's call.",
        risk="{child} may come to harm while nobody fit to do so is looking after them.",
        change="A sober adult is there for {child} at all times, and {carer} is in treatment.",
        need="Somebody safe at home in the evening.",
        goal="{child} is collected on time by a sober adult.",
        measure="Every school day for six weeks.",
        actions=("Ask for an appointment at the recovery service.", "Agree who else can collect."),
        child=('"He is funny and then he is not."', '"I like it best at nan\'s."'),
        parent=('"I only drink when they are in bed."', '"I have rung the service."'),
        strength="A grandmother lives near and helps gladly.",
        adults="{carer} lost work in spring and has debts.",
        tried="A letter about home time and a talk with {carer}.",
    ),
    Story(
        types=("self-harm", "child-mental-health"),
        reasons=("child-mental-health",),
        ages=(12, 17),
        area="social-emotional-disability",
        domain="child-development",
        subdomain="emotional-and-behavioural-development",
        paper=None,
        harm=False,
        seen=(
            "{child} has cut their arms and told the school nurse about it.",
            "{child} wrote that nobody would notice if they were gone.",
        ),
        impact="{child} does not sleep, hides in long sleeves and has given up sport.",
        evidence="Seen by the school nurse; messages that a friend showed to staff.",
        risk="{child} may hurt themselves more badly while waiting for treatment.",
        change="{child} is safe, is seen by a specialist and has an adult to go to.",
        need="Treatment, and a safe adult at school and at home.",
        goal="{child} goes to an adult before hurting themselves.",
        measure="What {child} says each week on the chart.",
        actions=("Make a safety plan with {child}.", "Ask the mental health service for a date."),
        child=('"It makes it stop for a bit."', '"I do not want mum to cry."'),
        parent=('"We had no idea."', '"We have locked the tablets away."'),
        strength="{child} draws beautifully and has one close friend.",
        adults="{carer} was ill in the same way when young.",
        tried="Counselling at school for six weeks.",
    ),
    Story(
        types=("child-criminal-exploitation", "missing"),
        reasons=("exploitation", "missing-from-home"),
        ages=(13, 17),
        area="family-environment",
        domain="child-development",
        subdomain="exploitation",
        paper="exploitation-screening",
        harm=True,
        seen=(
            "{child} has two phones, new shoes and cash, and was found in another town at night.",
            "Older men wait for {child} in a car. {child} was missing three times this month.",
        ),
        impact="{child} is frightened, has stopped going to school and carries a knife.",
        evidence="Missing reports, what the police saw, and a talk after {child} came home.",
        risk="{child} is used to carry drugs and owes money to people who hurt others.",
        change="{child} is safe from these people and has a way out that does not cost them.",
        need="Protection from those who exploit, and something to do that is worth it.",
        goal="{child} is home by the time agreed.",
        measure="No missing episode in six weeks.",
        actions=("Meet the exploitation worker each week.", "Map who and where with the police."),
        child=('"You do not understand, I owe them."', '"I am fine. Leave it."'),
        parent=('"I lie awake until the door goes."', '"I have lost hold of it all."'),
        strength="{child} wants to be a mechanic and likes the workshop.",
        adults="{carer} works nights and cannot watch the door.",
        tried="A mentor from the youth service.",
    ),
    Story(
        types=("disability",),
        reasons=("child-disability", "special-educational-needs"),
        ages=(3, 15),
        area="social-emotional-disability",
        domain="child-development",
        subdomain="health",
        paper="disability-screening",
        harm=False,
        seen=(
            "{child} cannot be left for a moment, and {carer} has not slept through for a year.",
            "{child} has outgrown the chair and hoist, and {carer} lifts {child} alone.",
        ),
        impact="{child} misses out on play and trips, and {carer} has hurt their back.",
        evidence="Home visit by the school nurse and a report of the therapist.",
        risk="Care at home may break down, and {child} may be hurt when lifted.",
        change="{child} has the equipment and short breaks that make life at home work.",
        need="Equipment, and rest for those who care.",
        goal="{child} spends one afternoon a week at a club.",
        measure="Twelve afternoons in three months.",
        actions=("Ask for a carer's assessment.", "Find a club that can meet {child}'s needs."),
        child=(
            '"I like the water."',
            "Smiled and signed for more when shown the picture of the pool.",
        ),
        parent=('"I just need one night."', '"We love them to bits and we are worn out."'),
        strength="{child} makes everybody laugh and loves water.",
        adults="{carer} gave up work to care.",
        tried="Equipment on loan and advice from the therapist.",
    ),
    Story(
        types=("child-behaviour", "parental-conflict"),
        reasons=("child-behaviour", "family-separation"),
        ages=(5, 13),
        area="social-emotional-disability",
        domain="child-development",
        subdomain="behavioural-development",
        paper=None,
        harm=False,
        seen=(
            "{child} has hit other children since the parents parted and cries when asked why.",
            "Both parents shout at each other at the gate. {child} runs off and hides.",
        ),
        impact="{child} has been sent home four times and is left out of parties.",
        evidence="School's behaviour log since September, and talks with both parents.",
        risk="{child} may lose the school place and the friends that go with it.",
        change="{child} can be with both parents without being in the middle.",
        need="Calm between the parents, and help to name feelings.",
        goal="{child} plays through break without hitting.",
        measure="Nine of ten breaks, as noted by staff.",
        actions=("Offer both parents the course on parting well.", "Meet {child} each morning."),
        child=('"They fight and it is my fault."', '"I want two bedtimes that are the same."'),
        parent=('"We only ever talk through {child}."', '"I will do the course if they do."'),
        strength="Both parents come to every meeting.",
        adults="Both parents are tired and angry, and both want the best for {child}.",
        tried="A circle of friends at school.",
    ),
    Story(
        types=("homelessness-or-unsafe-home",),
        reasons=("housing", "money"),
        ages=(0, 9),
        area="family-environment",
        domain="family-and-environment",
        subdomain="housing-employment-and-finance",
        paper=None,
        harm=False,
        seen=(
            "The family of four lives in one room with black mould, and {child} coughs all night.",
            "The family has to leave the flat in two weeks and has nowhere to go.",
        ),
        impact="{child} is often ill, has nowhere to play and is moved from place to place.",
        evidence="Home visit with photographs, and a letter from the landlord.",
        risk="{child}'s breathing gets worse, and the family may end up without a roof.",
        change="The family has a dry home that it can keep.",
        need="A dry and safe place to live.",
        goal="{child} sleeps in a dry room.",
        measure="The family has moved, or the mould is gone.",
        actions=("Go with {carer} to the housing office.", "Ask for a hardship grant."),
        child=('"The wall is black and it smells."', '"I want my own bed."'),
        parent=('"Nobody rings back."', '"We clean it every day and it comes back."'),
        strength="The family keeps every appointment and has good neighbours.",
        adults="{carer} works part time and has rent arrears.",
        tried="A letter of support and vouchers for the food bank.",
    ),
)
