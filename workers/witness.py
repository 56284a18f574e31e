"""The archives as second witness of a repair, where no live page confirms one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from workers.archive.choose import order
from workers.archive.verify import Expected, inspect, shown_by
from workers.errors import LinkwrightError
from workers.model import Candidate, LinkTask, Lookup, LookupState, Memento, Observation, Repair
from workers.protocols import Archive
from workers.trial import Trial, candidates_to_ask, confirmed, with_evidence
from workers.url import is_fetchable, lookup_key
from workers.verdict.matches import Confirmation, Sought, confirm_capture

MAX_CAPTURES_READ = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What the archives said of a failed link: the trial with what they bear witness to, and their answers.

    `mementos` are the captures of the address that stands for the link.
    """

    trial: Trial
    lookups: tuple[Lookup, ...] = ()
    mementos: tuple[Memento, ...] = ()


class Witness:
    """Asks the archives about one link; every address is looked up once."""

    def __init__(self, archive: Archive, task: LinkTask) -> None:
        self._archive = archive
        self._task = task
        self._answers: dict[str, tuple[Lookup, ...]] = {}

    async def hear(self, trial: Trial) -> Testimony:
        """Ask for the written form, then for the candidates that were tried live, until one is witnessed.

        Nothing is asked beyond the written form where a capture shows it, or where no archive answers.
        """
        written = self._task.written
        known = await self._lookup(written) if is_fetchable(written) else ()
        if trial.repair is None or self._is_silent(known) or await self._shows_written(known):
            return self._testimony(trial, written)
        for candidate in self._unasked(trial.repair):
            proof = await self._proof(candidate, await self._lookup(candidate.url))
            trial = replace(trial, repair=with_evidence(trial.repair, candidate.url, proof.evidence))
            if proof.is_right:
                return self._testimony(accept(trial, candidate.url), candidate.url)
        return self._testimony(trial, written)

    async def mementos_of(self, url: str) -> Testimony:
        """Return what the archives hold of an address that is not in question."""
        await self._lookup(url)
        return self._testimony(Trial(repair=None), url)

    def _unasked(self, repair: Repair) -> Iterator[Candidate]:
        """Yield the candidates that name other resources to an archive than the written form does."""
        seen = {lookup_key(self._task.written)}
        for candidate in candidates_to_ask(self._task, repair):
            key = lookup_key(candidate.url)
            if key not in seen:
                seen.add(key)
                yield candidate

    async def _lookup(self, url: str) -> tuple[Lookup, ...]:
        # Archives do not tell paths apart by letter case; their captures do.
        key = lookup_key(url).casefold()
        if key not in self._answers:
            self._answers[key] = tuple(await self._archive.lookup(url, near=self._task.published))
        return self._answers[key]

    async def _shows_written(self, lookups: tuple[Lookup, ...]) -> bool:
        """Whether a capture shows the resource at the written form, or could not be read to tell."""
        expected = Expected(
            original=self._task.written, anchors=self._task.anchors, headline=self._task.headline
        )
        for memento in self._nearest(self._task.written, lookups):
            answer = await self._read(memento)
            look = None if answer is None else inspect(memento, answer, expected)
            if look is None or look.passes or not look.readable:
                return True
        return False

    async def _read(self, memento: Memento) -> Observation | None:
        """Return what an archive hands out for a capture, None where a part of our own failed."""
        try:
            return await self._archive.read(memento)
        except LinkwrightError:
            return None

    async def _proof(self, candidate: Candidate, lookups: tuple[Lookup, ...]) -> Confirmation:
        """Return whether a capture of a candidate shows what the article cites."""
        told = list(_answered(lookups))
        for memento in self._nearest(candidate.url, lookups):
            where = f"captured {memento.memento_datetime:%Y-%m-%d} by {memento.archive}"
            answer = await self._read(memento)
            shown = None if answer is None else shown_by(memento, answer)
            if shown is None:
                told.append(f"{where}: not handed out")
                continue
            proof = confirm_capture(shown.page, shown.observation, self._sought(candidate))
            told += [f"{where}: {each}" for each in proof.evidence]
            if proof.is_right:
                return replace(proof, evidence=tuple(told))
        return Confirmation(is_right=False, evidence=tuple(told))

    def _sought(self, candidate: Candidate) -> Sought:
        task = self._task
        return Sought(
            url=candidate.url,
            rule=candidate.rule,
            headline=task.headline,
            anchors=task.anchors,
            contexts=task.contexts,
        )

    def _nearest(self, url: str, lookups: tuple[Lookup, ...]) -> tuple[Memento, ...]:
        """Return the captures of exactly this address that are worth a look, nearest the article first."""
        held = captures_of(url, lookups)
        return order(held, original=url, near=self._task.published)[:MAX_CAPTURES_READ]

    @staticmethod
    def _is_silent(lookups: tuple[Lookup, ...]) -> bool:
        return bool(lookups) and all(each.state is LookupState.UNKNOWN for each in lookups)

    def _testimony(self, trial: Trial, original: str) -> Testimony:
        lookups = tuple(each for answers in self._answers.values() for each in answers)
        key = lookup_key(original).casefold()
        alike = (each for answer in self._answers.get(key, ()) for each in answer.mementos)
        mementos = captures_of(original, lookups) or tuple(alike)
        return Testimony(trial=trial, lookups=lookups, mementos=mementos)


def accept(trial: Trial, url: str) -> Trial:
    """Return the trial with one of its candidates accepted, and with what it was answered live if asked."""
    if trial.repair is None:
        return trial
    best = next(each for each in trial.repair.candidates if each.url == url)
    judged = next((each for each in trial.asked if each.observation.url == url), None)
    return replace(trial, repair=confirmed(trial.repair, best), accepted=best, judged=judged)


def captures_of(url: str, lookups: tuple[Lookup, ...]) -> tuple[Memento, ...]:
    """Return the captures of one address among the answers, in the order the archives were asked."""
    key = lookup_key(url)
    return tuple(
        memento for each in lookups for memento in each.mementos if lookup_key(memento.original) == key
    )


def _answered(lookups: tuple[Lookup, ...]) -> Iterator[str]:
    """Tell what each archive said where it is not a capture."""
    for each in lookups:
        if each.state is LookupState.UNKNOWN:
            yield f"{each.archive} could not be asked: {each.reason}"
        elif each.state is LookupState.NONE:
            yield f"{each.archive} holds no capture"
