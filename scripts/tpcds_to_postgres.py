#!/usr/bin/env python3
"""Fills a Postgres schema with the 24 tables of TPC-DS, made by DuckDB's own generator.

    build/deps/venv/bin/python scripts/tpcds_to_postgres.py [--schema my_pg] [--scale 0.1] [--quiet]

Postgres is found through PGHOST and its sisters. The schema must not exist yet. Types and keys follow the TPC-DS
specification. Scale 1 is 19.6 million rows.
"""
import argparse
import pathlib
import sys
import tempfile
import time

import duckdb
import psycopg2
from psycopg2 import sql

EXTENSIONS = pathlib.Path(__file__).resolve().parent.parent / "build/deps/extensions"

PRIMARY_KEYS = {
    "call_center": "cc_call_center_sk",
    "catalog_page": "cp_catalog_page_sk",
    "catalog_returns": "cr_item_sk, cr_order_number",
    "catalog_sales": "cs_item_sk, cs_order_number",
    "customer": "c_customer_sk",
    "customer_address": "ca_address_sk",
    "customer_demographics": "cd_demo_sk",
    "date_dim": "d_date_sk",
    "household_demographics": "hd_demo_sk",
    "income_band": "ib_income_band_sk",
    "inventory": "inv_date_sk, inv_item_sk, inv_warehouse_sk",
    "item": "i_item_sk",
    "promotion": "p_promo_sk",
    "reason": "r_reason_sk",
    "ship_mode": "sm_ship_mode_sk",
    "store": "s_store_sk",
    "store_returns": "sr_item_sk, sr_ticket_number",
    "store_sales": "ss_item_sk, ss_ticket_number",
    "time_dim": "t_time_sk",
    "warehouse": "w_warehouse_sk",
    "web_page": "wp_web_page_sk",
    "web_returns": "wr_item_sk, wr_order_number",
    "web_sales": "ws_item_sk, ws_order_number",
    "web_site": "web_site_sk",
}

# DuckDB's generator knows one VARCHAR; these are the specification's types, by column or by the end of its name.
CHARACTER_TYPES = {
    "char(1)": "wp_autogen_flag c_preferred_cust_flag cd_gender cd_marital_status d_holiday d_weekend d_following_holiday"
    " d_current_day d_current_week d_current_month d_current_quarter d_current_year p_channel_dmail p_channel_email"
    " p_channel_catalog p_channel_tv p_channel_radio p_channel_press p_channel_event p_channel_demo p_discount_active",
    "char(2)": "_state t_am_pm",
    "char(6)": "d_quarter_name",
    "char(9)": "d_day_name",
    "char(10)": "_suite_number _zip ca_street_number c_salutation cd_credit_rating i_units i_container sm_code",
    "char(13)": "c_login",
    "char(15)": "_street_type hd_buy_potential p_purpose",
    "char(16)": "cc_call_center_id cp_catalog_page_id c_customer_id ca_address_id d_date_id i_item_id p_promo_id"
    " r_reason_id sm_ship_mode_id s_store_id t_time_id w_warehouse_id wp_web_page_id web_site_id",
    "char(20)": "s_hours cc_hours c_first_name ca_location_type cd_education_status i_size i_formulation i_color"
    " sm_carrier sm_contract t_shift t_sub_shift t_meal_time",
    "char(30)": "c_last_name sm_type",
    "char(50)": "cc_mkt_class cc_company_name web_company_name wp_type c_email_address i_brand i_class i_category"
    " i_manufact i_product_name p_promo_name",
    "char(100)": "r_reason_desc",
    "varchar(10)": "_street_number",
    "varchar(20)": "_country w_warehouse_name",
    "varchar(30)": "_county",
    "varchar(40)": "_manager",
    "varchar(50)": "_name cc_class web_class web_mkt_class cp_department",
    "varchar(60)": "_city _street_name",
    "varchar(100)": "_mkt_desc _market_desc _geography_class cp_description cp_type wp_url p_channel_details",
    "varchar(200)": "i_item_desc",
}
TYPE_OF_NAME = {name: type_name for type_name, names in CHARACTER_TYPES.items() for name in names.split()}


def postgres_type(column, duckdb_type):
    if duckdb_type == "BIGINT":
        # Only these outgrow an integer at any scale.
        return "bigint" if column.endswith(("_order_number", "_ticket_number")) else "integer"
    if duckdb_type != "VARCHAR":
        return duckdb_type.lower()
    # The longest known ending: c_birth_country ends in _country, s_street_name in _street_name before _name.
    for start in range(len(column)):
        if column[start:] in TYPE_OF_NAME and (start == 0 or column[start] == "_"):
            return TYPE_OF_NAME[column[start:]]
    raise LookupError(f"no TPC-DS type is known for column {column}")


def create_table_sql(duck, schema, table):
    columns = duck.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index", [table]
    ).fetchall()
    definitions = []
    for name, duckdb_type in columns:
        type_name = postgres_type(name, duckdb_type)
        # char(16) are the business keys; the primary key's columns become NOT NULL with it.
        not_null = " NOT NULL" if type_name == "char(16)" else ""
        definitions.append(sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_name + not_null)))
    return sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(schema, table), sql.SQL(", ").join(definitions))


def copy_table(duck, postgres, schema, table, scratch):
    file = pathlib.Path(scratch, table + ".csv")
    duck.execute(f"COPY {table} TO '{file}' (FORMAT csv, HEADER false)")
    with postgres.cursor() as cursor:
        # The table is made in the transaction that fills it: Postgres then needs no WAL, and freezes the rows at once.
        cursor.execute(create_table_sql(duck, schema, table))
        with file.open("rb") as rows:
            cursor.copy_expert(
                sql.SQL("COPY {} FROM STDIN (FORMAT csv, FREEZE)").format(sql.Identifier(schema, table)), rows
            )
        count = cursor.rowcount
        cursor.execute(
            sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(sql.Identifier(schema, table), sql.SQL(PRIMARY_KEYS[table]))
        )
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(schema, table)))
    postgres.commit()
    file.unlink()
    return count


def fill(schema, scale, say=lambda text: None):
    """Returns {table: rows}."""
    start = time.monotonic()
    rows = {}
    with tempfile.TemporaryDirectory(prefix="pg2duck_tpcds.") as scratch:
        duck = duckdb.connect(str(pathlib.Path(scratch, "tpcds.duckdb")))
        duck.execute(f"LOAD '{EXTENSIONS / 'tpcds.duckdb_extension'}'")
        duck.execute("CALL dsdgen(sf = ?)", [scale])
        say(f"TPC-DS at scale {scale:g} generated in {time.monotonic() - start:.1f} s")
        with psycopg2.connect("") as postgres, postgres.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
            postgres.commit()
            for table in sorted(PRIMARY_KEYS):
                rows[table] = copy_table(duck, postgres, schema, table, scratch)
    say(f"{len(rows)} tables, {sum(rows.values()):,} rows in Postgres schema {schema} after {time.monotonic() - start:.1f} s")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--schema", default="my_pg")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--quiet", action="store_true")
    options = parser.parse_args()
    fill(options.schema, options.scale, say=lambda text: options.quiet or print(text, flush=True))


if __name__ == "__main__":
    sys.exit(main())
