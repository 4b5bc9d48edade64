"""What is copied, one file each. To add one, write a Dataset and put it in ALL."""
from .lineitem import Lineitem
from .tpcds import Tpcds

ALL = [Lineitem, Tpcds]
