"""Lists of English words that reading a text or a question needs. They are small on purpose, and plain to extend."""


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


FUNCTION_WORDS = _words("""
    a about above after again against all almost along already also although always am among an and another any are
    aren't around as at away be became because become been before being below between both but by came can can't cannot
    could couldn't did didn't do does doesn't doing don't done down due during each either else even ever every for
    from further get gets got had has have having he hence her here hers herself him himself his how however i i'd i'll
    i'm i've if in indeed instead into is isn't it it's its itself just least less let let's like many may me might mine
    more most much must my myself near neither no nor not nothing now of off often on once only onto or other others
    otherwise our ours out over own per perhaps please quite rather really same several shall she should since so some
    such than that that's the their theirs them themselves then there there's therefore these they this those though
    through thus till to together too toward towards under unless until unto up upon us versus very via vs was wasn't we
    well were weren't what what's whatever when when's whenever where where's whereas wherever whether which whichever
    while who who's whoever whom whose why will with within without won't would wouldn't yes yet you you're your yours
    yourself
""")

# What a question says about itself and about the reading: orders, and words for a text and what it does
ASKING_WORDS = _words("""
    according account actually answer anyone anything argue argued argues arguing argument arguments article articles
    ask asked aspect author authors call cite cites claim claimed claims comment compare compared comparing comparison
    concerning consider contrast define describe described describes detail details discuss discussed discusses
    discussion elaborate essay everything evidence exactly example examples explain explained explains explainer
    explanation fact facts find full give given gives happen happened happens help idea ideas identify information kind
    know list main mean meaning means mention mentioned mentioning mentions name named names note number outline
    paragraph part passage passages piece please point points question questions quote quoted read reader reading
    reason reasons refer reference references referred refers regarding relate related said say saying says section
    show somebody someone something sort source speak specifically state stated states story suggest suggests summarise
    summarize summary talk talking tell telling tells text told thing things think thinks topic true understand want
    way ways word words write writer writes written wrote
""")

# Words that a question may use although the reading does not, and that are never anybody's name
ORDINARY_WORDS = _words("""
    accept affect agree agreement aim allow anniversary answer attack attempt bad battle began begin begun belong
    benefit best better big border break bring broker build business care carry cause chance change choose citizen city
    clear close cold common concern conflict control cooperate cooperation cost country create crisis current danger
    date day deal decide decision decrease defeat demand deny depend develop difference different difficult diplomacy
    diplomat direct dispute early economic economy effect effort end enemy event exist expect expert explain fail fall
    far fight final first force foreign form former friend future gain general goal good government great group grow
    happen hard high history hold hope important improve include increase influence intend interest involve island
    issue join keep kill last late law lead leader leave legal level likely live lose loss low major make map matter
    meet member military mind minister month move nation national need negotiate new next normal offer office official
    old open opinion oppose order outcome own past pay peace people person place plan play policy political position
    possible power predict present president press prevent problem proceed profit propose protect prove provide public
    purpose reach react realise reality recent recognise recommend refuse region reject relation relationship remain
    report resolve resource respond response result return right rise risk role rule scholar security sell send serious
    settle share shift side sign signed similar situation small solution solve speech stand start status step stop
    strategy strength strong succeed success support take territory threat threaten time today tomorrow total trade
    treaty troop trust try turn type unite use useful value victory view violence visit vote want war weak week win
    wish work world worse worst wrong year yesterday young
""")

# A dot after these does not end a sentence
ABBREVIATIONS = _words("""
    adm art capt cf cmdr col dr e.g ed eds fig figs gen gov hon i.e lt maj messrs mr mrs ms mt no nos op p para pp pres
    prof rep rev sec sen sgt sr st vol vols vs jan feb mar apr jun jul aug sep sept oct nov dec
""")
# A dot after these may end one
CLOSING_ABBREVIATIONS = _words("etc inc ltd co corp jr a.m p.m al")
# Words that, with a capital, show that a sentence begins
SENTENCE_BEGINNERS = _words("""
    a after all although an and as at because before both but by despite during each even finally first for from had
    has he her here his how however i if in indeed instead it its just lastly many meanwhile moreover most my neither no
    nor not now of on once one only or our previously she since so some such than that the their then there these they
    this those though thus to today under unlike until we what when where whether which while who why with without yet
    you your
""")

# Words that are found glued to the next one, as in `TheHarbour`
GLUED = _words("an and as at but by for from in is it of on or that the this to was with")
# Small beginnings of a name, as in `deGaulle`
NAME_BEGINNINGS = _words("al da de del di du el la le mac van von")
SAME_IN_PLURAL = _words("always lens news perhaps series species")
