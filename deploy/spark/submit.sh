#!/bin/sh
# Runs a privity command with the cluster engine: deploy/spark/submit.sh register build EXTRACT --home HOME
#                                                 deploy/spark/submit.sh request match ID --home HOME
#
# PRIVITY_VENV        the environment with the packages of requirements/spark.txt, at the same path on every machine
# SPARK_CONF_DIR      a folder with spark-defaults.conf (default: beside this script)
# SPARK_HOME          Spark itself (default: the one inside PRIVITY_VENV)
# SPARK_MORE          further options of spark-submit, for example: --master k8s://https://... --properties-file FILE
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
venv=${PRIVITY_VENV:?set PRIVITY_VENV to the environment that every machine sees}

export PRIVITY_ENGINE=spark
export SPARK_CONF_DIR="${SPARK_CONF_DIR:-$here}"
export PYSPARK_PYTHON="$venv/bin/python"
export PYSPARK_DRIVER_PYTHON="$venv/bin/python"
: "${SPARK_HOME:=$("$PYSPARK_PYTHON" -c 'import pyspark, os; print(os.path.dirname(pyspark.__file__))')}"
export SPARK_HOME

# Nothing but the command's own result goes to standard output.
# shellcheck disable=SC2086  # SPARK_MORE holds several options
exec "$SPARK_HOME/bin/spark-submit" ${SPARK_MORE:-} "$here/main.py" "$@"
