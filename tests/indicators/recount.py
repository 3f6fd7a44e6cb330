"""A brute-force recount: what a viewer's series must be, from nothing but the reports and incidents it reads."""

from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import Any

import yaml
from fastapi.testclient import TestClient

from services import indicators, vocabulary

Cell = tuple[str, str, str, str, str]
"""Indicator, status, grain, first day of the bucket, place."""


def readable(client: TestClient, headers: dict[str, str]) -> tuple[dict[str, Any], list[frozenset[str]]]:
    """All reports that a viewer reads, by reference, and how they fall into incidents for that viewer."""
    found: dict[str, Any] = {}
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/v1/reports", params={"size": 7, **cursor}, headers=headers).json()
        found |= {one["reference"]: one for one in page["reports"]}
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    incidents = set()
    for reference in found:
        told = client.get(f"/v1/reports/{reference}/incident", headers=headers).json()["reports"]
        incidents.add(frozenset(told))
    assert sum(len(one) for one in incidents) == len(found), "incidents part the reports"
    return found, list(incidents)


def recount(reports: dict[str, Any], incidents: list[frozenset[str]]) -> dict[Cell, float]:
    """The value of every cell that is not zero: over incidents, the sum of the largest that one of its reports says."""
    total: dict[Cell, float] = defaultdict(float)
    for incident in incidents:
        largest: dict[Cell, float] = {}
        for reference in incident:
            for cell, value in says(reports[reference]).items():
                largest[cell] = max(largest.get(cell, 0), value)
        for cell, value in largest.items():
            total[cell] += value
    return {cell: value for cell, value in total.items() if value}


def says(report: dict[str, Any]) -> dict[Cell, float]:
    """What one report counts for, cell by cell."""
    found: dict[Cell, float] = {}
    if report["selection"]:
        return found
    first, last = date.fromisoformat(report["occurred_from"]), date.fromisoformat(report["occurred_to"])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    themes = {tag["value"] for tag in report["tags"] if tag["scheme"] == "theme"}
    for one in indicators.catalogue():
        if one.source != "reports":
            continue
        if (answered := told(report, one)) is not None:
            value = answered
        elif (
            one.measure == "answers"
            or (one.kinds and report["kind"] not in one.kinds)
            or (one.themes and not themes & set(one.themes))
            or (one.requires_figure and one.requires_figure not in report["figures"])
        ):
            continue
        else:
            value = 1 if one.measure == "count" else report["figures"].get(one.measure, 0)
        for grain in ("day", "week", "month", "quarter", "year"):
            starts = {start_of(day, grain) for day in days}
            if len(starts) == 1 and round(value * one.scale):
                found |= {(one.code, report["status"], grain, str(*starts), place): value for place in where(report)}
    return found


def told(report: dict[str, Any], indicator: indicators.Indicator) -> float | None:
    """What the answers of a report are worth to an indicator; None where none of them speaks of it."""
    if report["form"] is None:
        return None
    asked = [one for one in questions(report["form"]) if indicator.code in one.get("feeds", ())]
    given = [(one["scale"], report["answers"][one["code"]]) for one in asked if one["code"] in report["answers"]]
    total = 0.0
    for scale, answer in given:
        if answer["state"] == "answered" and scale == "count":
            total += answer["value"]
        elif answer["state"] == "answered":
            word = {True: "yes", False: "no"}[answer["value"]] if scale == "yes_no" else str(answer["value"])
            total += indicator.answers.get(scale, {}).get(word, 0)
    return total if given else None


@cache
def questions(form: str) -> list[dict[str, Any]]:
    """What a form of the pack asks: read once, for the recount asks of each report and indicator."""
    read = yaml.safe_load((vocabulary.file("forms") / f"{form}.yaml").read_text(encoding="utf-8"))
    return list(read["questions"])


def start_of(day: date, grain: str) -> date:
    if grain == "week":
        return date.fromisocalendar(*day.isocalendar()[:2], 1)
    months = {"month": 1, "quarter": 3, "year": 12}
    return date(day.year, day.month - (day.month - 1) % months[grain], 1) if grain in months else day


def where(report: dict[str, Any]) -> set[str]:
    """The places told of, with all above them: the report's own if it has one, else those of the text; no towns."""
    named = [tag["value"] for tag in report["tags"] if tag["scheme"] in ("country", "unit", "town")]
    chosen = named if report["place"] is None else [report["place"]]
    places = vocabulary.places()
    codes = {one.code for code in chosen for one in places.path(code) if one.level != "town"}
    return codes | {places.root.code}
