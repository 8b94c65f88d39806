"""The OpenAPI document against the table of the national REST API profile; its rule ids are in the names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

HTTP = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Json:
    found: Json = Client().get("/api/v1/openapi.json").json()
    return found


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method in HTTP & set(item):
            yield path, method, item[method]


def answers(document: Json) -> Iterator[tuple[str, str, str, Json]]:
    for path, _method, operation in operations(document):
        for status, answer in operation["responses"].items():
            for media, content in answer.get("content", {}).items():
                yield f"{path} {status}", answer.get("description", ""), media, content


def test_it_is_openapi_3_1_and_names_every_address(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {"/invoices", "/invoices/{invoice}", "/api-info"}


def test_info_is_complete_dok_06_to_20(document: Json) -> None:
    info = document["info"]
    assert set(info) >= {"title", "version", "description", "contact", "license", "x-limitations", "x-sla"}
    assert set(info["contact"]) == {"name", "url", "email"}
    assert info["license"]["name"] and document["externalDocs"]["url"].startswith("https://")
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])


def test_server_is_an_absolute_address_with_the_major_version_ufn_01_ver_05(document: Json) -> None:
    assert [re.fullmatch(r"https?://[^/]+/api/v1", server["url"]) is not None for server in document["servers"]] == [
        True
    ]
    assert Client().get("/api/v1/openapi.json", secure=True).json()["servers"][0]["url"].startswith("https://")


def test_paths_are_lower_case_hyphenated_plural_and_without_slash_at_the_end_ufn_05_to_09(document: Json) -> None:
    for path in document["paths"]:
        words = [part for part in path.split("/") if part and not part.startswith("{")]
        assert path.startswith("/") and not path.endswith("/")
        assert all(re.fullmatch(r"[a-z0-9.-]+", word) for word in words), path
        assert len(path) < 2048
    assert any(path == "/invoices" for path in document["paths"])


def test_api_info_exists_and_says_what_the_profile_asks_ver_06() -> None:
    facts = Client().get("/api/v1/api-info").json()
    assert set(facts) == {"apiName", "apiVersion", "apiReleased", "apiDocumentation", "apiStatus"}
    assert Client().get(facts["apiDocumentation"]).status_code == 200


def test_every_field_name_is_camel_case_ame_05_07(document: Json) -> None:
    names = {name for schema in document["components"]["schemas"].values() for name in schema.get("properties", {})}
    assert names and all(re.fullmatch(r"[a-z][a-zA-Z0-9]*", name) for name in names)


def test_identities_are_uuids_and_never_primary_keys_res_02(document: Json) -> None:
    schemas = document["components"]["schemas"]
    ids = [field for schema in schemas.values() for name, field in schema.get("properties", {}).items() if name.lower().endswith("id")]  # fmt: skip
    assert ids and all(field.get("format") == "uuid" for field in ids)


def test_dates_and_moments_have_their_formats_dot_01_04(document: Json) -> None:
    fields = document["components"]["schemas"]["Invoice"]["properties"]
    assert (fields["invoiceDate"]["format"], fields["createdAt"]["format"]) == ("date", "date-time")


def test_paging_is_limit_and_page_from_1_with_20_unless_asked_fns_07_08(document: Json) -> None:
    parameters = {p["name"]: p for p in document["paths"]["/invoices"]["get"]["parameters"] if p["in"] == "query"}
    assert parameters["page"]["schema"] == {"type": "integer", "minimum": 1, "default": 1}
    assert parameters["limit"]["schema"]["default"] == 20 and parameters["limit"]["schema"]["maximum"] == 200
    assert not any(parameter.get("required") for parameter in parameters.values())
    assert all(re.fullmatch(r"[a-z][a-zA-Z0-9]*", name) for name in parameters)


def test_every_error_is_a_problem_with_its_members_fel_01_02(document: Json) -> None:
    for place, _description, media, content in answers(document):
        if place.split()[1] >= "400":
            assert media == "application/problem+json" and content["schema"]["$ref"].endswith("/Problem"), place
    assert {"type", "title", "status", "detail", "instance"} <= set(
        document["components"]["schemas"]["Problem"]["required"]
    )


def test_every_operation_answer_parameter_and_field_is_described_in_both_languages_dok_07_17(document: Json) -> None:
    texts = [operation["description"] for _path, _method, operation in operations(document)]
    texts += [answer for _place, answer, _media, _content in answers(document)]
    texts += [p["description"] for _p, _m, operation in operations(document) for p in operation.get("parameters", [])]
    texts += [document["info"][name] for name in ("description", "x-limitations", "x-sla")]
    for schema in document["components"]["schemas"].values():
        texts += [field["description"] for field in schema.get("properties", {}).values()]
    assert texts and all("*In English:*" in text for text in texts)


def test_every_answer_and_parameter_has_an_example_dok_15(document: Json) -> None:
    assert all(content.get("examples") for _place, _description, _media, content in answers(document))
    assert all(p.get("examples") for _p, _m, operation in operations(document) for p in operation.get("parameters", []))


def test_get_takes_no_body_for_02(document: Json) -> None:
    assert all(method == "get" and "requestBody" not in operation for _path, method, operation in operations(document))


def test_only_a_bearer_token_in_the_header_signs_in_sak_09_10_15(document: Json) -> None:
    schemes = document["components"]["securitySchemes"]
    assert {(scheme["type"], scheme["scheme"]) for scheme in schemes.values()} == {("http", "bearer")}
    private = [operation for path, _m, operation in operations(document) if path.startswith("/invoices")]
    assert all(operation["security"] == [{"bearer": []}] for operation in private)


def test_the_statuses_used_are_those_of_the_profile_arp_02(document: Json) -> None:
    statuses = {place.split()[1] for place, *_rest in answers(document)}
    assert statuses <= {"200", "400", "401", "403", "404", "406", "415", "429", "500"}
