"""Dotted words of prose: names in code are no addresses, sites without a scheme are."""

import pytest

from workers.extract.scanner import scan

_CODE = """
item.name self.app config.dev node.js README.md e.g.something file.zip obj.id data.frame v1.io user.name
order.total event.target window.location list.page self.cloud model.run data.science df.plot foo.bar
app.use router.live request.link result.info os.environ np.array this.props.name process.env.dev
os.path.join pkg.mod.run lineItem.id customer.name invoice.total ticket.id response.data form.email
document.body node.parent style.color row.date calendar.day page.events payload.host game.map player.next
queue.now file.open cart.pay account.phone album.photo proc.pid server.ping video.play tree.plus http.post
button.press stream.read crash.report api.rest book.review hotel.room mode.safe store.sale db.save
regex.search input.select vm.services tooltip.show css.style squad.team list.top grid.total film.video
clock.watch prize.win unit.works the.zone x.name i.id vector.zero math.tools bus.express tab.group
user.contact response.codes v2.app 1.io module.exports req.params thread.run context.app settings.dev
session.id entity.id key.id instance.cloud label.link widget.site layer.online
"""
CODE = _CODE.split()
_SITES = """
openai.com spiegel.de news.bbc.co.uk shop.app deno.land fly.io golang.org t.me t.co bit.ly goo.gl youtu.be
lemonde.fr x.ai socket.io asp.net Booking.com LeanIn.Org figma.app linear.app web3forms.com astro.build
bluesky.social mastodon.social kubernetes.io crates.io substack.com notion.so figma.com
calendly.com telegra.ph dw.com nos.nl yle.fi svt.se dr.dk orf.at srf.ch rai.it elpais.com publico.pt
gazeta.pl idnes.cz index.hu digi24.ro dnevnik.bg rbc.ru pravda.com.ua kompas.id tempo.co thehindu.com
ndtv.in nhk.or.jp yna.co.kr abc.net.au stuff.co.nz cbc.ca npr.org who.int europa.eu archive.org
wikipedia.org arxiv.org nature.com huggingface.co example.berlin museum.wales tagesschau.de heise.de
zeit.de taz.de correctiv.org bellingcat.com propublica.org meduza.io theins.press euobserver.com
politico.eu twitch.tv last.fm discord.gg gnu.org kde.org python.org rust-lang.org nodejs.org my-site.app
north-sea.name hn.algolia.com docs.example.dev blog.acme.dev президент.рф пример.онлайн müller.de acme.dev
acme.tech acme.news acme.store acme.online acme.blog acme.xyz
"""
SITES = _SITES.split()
PROSE = ("The value of {} is read twice.", "{}", "We use {}, as before", "(see {})")


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in scan(text)]


@pytest.mark.parametrize("prose", PROSE)
def test_names_in_code_are_no_addresses(prose: str) -> None:
    wrong = [word for word in CODE if found(prose.format(word))]
    assert wrong == []


@pytest.mark.parametrize("prose", PROSE)
def test_sites_without_a_scheme_are_found(prose: str) -> None:
    missed = [site for site in SITES if found(prose.format(site)) != [site]]
    # `so` and `pl` are suffixes of files, which no name before them tells from sites.
    assert missed == ["notion.so", "gazeta.pl"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Visit cash.app for more", ["cash.app"]),
        ("the website order.name is new", ["order.name"]),
        ("Besuchen Sie time.total!", ["time.total"]),
        ("сайт item.name открыт", ["item.name"]),
        ("the website main.py is none", []),
    ],
)
def test_a_word_that_names_a_site_is_evidence_enough(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_path_or_www_is_evidence_enough() -> None:
    assert found("item.name/x and www.item.name") == ["item.name/x", "www.item.name"]
