"""The table of deployments fits the flows it serves."""

import inspect

import pytest


def test_every_deployment_fits_its_flow() -> None:
    from flows.serve import DEPLOYMENTS

    assert len({(each.flow.name, each.name) for each in DEPLOYMENTS}) == len(DEPLOYMENTS)
    for each in DEPLOYMENTS:
        signature = inspect.signature(each.flow.fn)
        if each.cron is None:
            signature.bind_partial(**each.parameters)
        else:  # nobody is there to give what is left out
            signature.bind(**each.parameters)


def test_the_night_is_at_two_and_the_report_at_six_in_shanghai_one_at_a_time() -> None:
    from flows import scheduling
    from flows.nights import ZONE
    from flows.serve import DEPLOYMENTS

    made = {
        each.flow.name: scheduling.deployment(
            each.flow, each.name, each.cron, ZONE, each.parameters
        )
        for each in DEPLOYMENTS
    }
    assert sorted(made) == ["backfill", "indicators", "nightly", "report"]
    (schedule,) = made["nightly"].schedules or ()
    assert (schedule.schedule.cron, schedule.schedule.timezone) == ("0 2 * * *", "Asia/Shanghai")
    (after,) = made["report"].schedules or ()
    assert (after.schedule.cron, after.schedule.timezone) == ("0 6 * * *", "Asia/Shanghai")
    assert not made["backfill"].schedules
    for name, each in made.items():
        assert each.concurrency_limit == 1
        assert each.concurrency_options is not None
        assert each.concurrency_options.collision_strategy == "CANCEL_NEW"
        assert each.entrypoint == f"flows.{name}.{name}_flow"


def test_the_page_knows_what_a_backfill_takes() -> None:
    from flows.backfill import backfill_flow

    schema = backfill_flow.parameters
    assert schema.required == ["first_month", "last_month"]
    assert list(schema.properties) == ["first_month", "last_month", "units", "forms", "note"]
    assert schema.properties["units"]["items"]["type"] == "string"


@pytest.mark.parametrize("month", ["2023-3", "2023-13", "202303", "2023-03-01", "20２３-03"])
def test_a_backfill_takes_no_other_months(month: str) -> None:
    from prefect.exceptions import ParameterTypeError

    from flows.backfill import backfill_flow

    with pytest.raises(ParameterTypeError):
        backfill_flow.validate_parameters({"first_month": month, "last_month": "2023-03"})
