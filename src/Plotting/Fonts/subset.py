"""Makes the two faces of the figures from Liberation Sans 2.1.5 (SIL Open Font Licence, LICENCE.txt here): the characters that labels use,
without hints, and the superscripts 0 and minus, which it lacks. Its name is reserved, so these have one of their own.

    python3 subset.py FOLDER-WITH-LiberationSans-*.ttf       needs fontTools
"""
import os
import sys

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FAMILY = "Symeft Sans"
KEPT = [(0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3D6), (0x3F5, 0x3F5), (0x2000, 0x200A), (0x2010, 0x2033), (0x2070, 0x208E), (0x2190, 0x2194), (0x2202, 0x22A5)]


def superscript(font, codepoint, base, by):
    """The glyph of base, as small and as high as the superscript `by` is beside its digit."""
    glyphs, characters = font["glyf"], font.getBestCmap()
    digit, small = glyphs[characters[ord("4")]], glyphs[characters[by]]
    scale = (small.yMax - small.yMin) / (digit.yMax - digit.yMin)
    pen = TTGlyphPen(font.getGlyphSet())
    pen.addComponent(characters[base], (scale, 0, 0, scale, 0, round(small.yMin - scale * digit.yMin)))
    name = f"uni{codepoint:04X}"
    font.setGlyphOrder(font.getGlyphOrder() + [name])
    glyphs[name] = pen.glyph()
    advance, bearing = font["hmtx"][characters[base]]
    font["hmtx"][name] = (round(scale * advance), round(scale * bearing))
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[codepoint] = name


for face in ("Regular", "Italic"):
    font = TTFont(os.path.join(sys.argv[1], f"LiberationSans-{face}.ttf"), recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, glyph_names=False, name_IDs=["*"])
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "kern", "DSIG", "FFTM", "hdmx", "VDMX", "LTSH", "gasp", "PCLT"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in KEPT for code in range(first, last + 1)])
    subsetter.subset(font)
    superscript(font, 0x2070, ord("0"), 0x2074)
    superscript(font, 0x207B, 0x2212, 0x2074)
    full = FAMILY if face == "Regular" else f"{FAMILY} {face}"
    own = {1: FAMILY, 3: f"{FAMILY} {face}", 4: full, 6: full.replace(" ", "") if face == "Regular" else f"SymeftSans-{face}"}
    kept = [record for record in font["name"].names if record.platformID == 3 and record.nameID in (0, 1, 2, 3, 4, 5, 6, 13, 14)]
    for record in kept:
        record.string = own.get(record.nameID, record.toUnicode())
    font["name"].names = kept
    font.save(f"SymeftSans-{face}.ttf")
